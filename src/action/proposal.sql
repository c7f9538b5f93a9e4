-- Calls that wait for a second person.

--: proposal_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM proposal;

--: proposal_insert exec
--: id id, verb text, object text, arguments json, customer_id id?, actor text, actor_kind int, user_id id ->
INSERT INTO proposal (id, company_id, verb, object, arguments, customer_id, actor, actor_kind, user_id, created_at)
VALUES (:id, :company, :verb, :object, :arguments, :customer_id, :actor, :actor_kind, :user_id, :now);

--: proposal_same maybe
--: verb text, object text, arguments json -> id id
-- One that waits and asks for exactly this.
SELECT id FROM proposal WHERE company_id = :company AND status = 'open' AND verb = :verb AND object = :object AND arguments = :arguments
ORDER BY id LIMIT 1;

--: proposal_get maybe
--: id id -> id id, verb text, object text, arguments json, customer_id id?, status text, actor text, actor_kind int, user_id id
SELECT id, verb, object, arguments, customer_id, status, actor, actor_kind, user_id FROM proposal p
WHERE company_id = :company AND id = :id AND (customer_id IS NULL OR p.customer_id @seen);

--: proposal_list many
--: after_rank int, before id, all_statuses bool -> id id, verb text, object text, arguments json, customer_code text, customer_name text, status text, actor text, actor_kind int, user_id id, login text, created_at stamp, decided_by text, decided_login text, decided_at stamp?, note text
-- Those that wait first, then the newest.
SELECT p.id, p.verb, p.object, p.arguments, COALESCE(c.code, '') AS customer_code, COALESCE(c.name, '') AS customer_name, p.status, p.actor,
       p.actor_kind, p.user_id, COALESCE(u.login, '') AS login, p.created_at, p.decided_by, COALESCE(d.login, '') AS decided_login,
       p.decided_at, p.note
FROM proposal p LEFT JOIN customer c ON c.id = p.customer_id LEFT JOIN app_user u ON u.id = p.user_id
LEFT JOIN app_user d ON 'user:' || CAST(d.id AS TEXT) = p.decided_by
WHERE p.company_id = :company AND (:all_statuses = 1 OR p.status = 'open') AND (p.customer_id IS NULL OR p.customer_id @seen)
  AND (CASE WHEN p.status = 'open' THEN 0 ELSE 1 END > :after_rank
       OR (CASE WHEN p.status = 'open' THEN 0 ELSE 1 END = :after_rank AND p.id < :before))
ORDER BY CASE WHEN p.status = 'open' THEN 0 ELSE 1 END, p.id DESC;

--: proposal_decide exec
--: id id, status text, decided_by text, note text ->
UPDATE proposal SET status = :status, decided_by = :decided_by, decided_at = :now, note = :note
WHERE company_id = :company AND id = :id AND status = 'open';

--: proposal_is_live one
--: -> strategies int
-- Strategies that send: before the first nothing goes out, and nothing needs a second person.
SELECT COUNT(*) AS strategies FROM strategy WHERE company_id = :company AND activated_at IS NOT NULL;
