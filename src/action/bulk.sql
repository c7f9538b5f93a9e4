-- Who follows customers, and who sees whose: for changes to many customers.

--: collector_names many bounded
--: -> code text, name text
-- Everybody with a code of their own, by name.
SELECT m.code, CASE WHEN u.name <> '' THEN u.name ELSE u.login END AS name
FROM membership m JOIN app_user u ON u.id = m.user_id WHERE m.company_id = :company AND m.code <> '' AND u.disabled_at IS NULL ORDER BY 2, 1;

--: collector_all many
--: -> code text, name text, login text, customers int
-- Everybody with a code of their own, and codes of the books that are nobody's; the latter without login.
SELECT m.code, CASE WHEN u.name <> '' THEN u.name ELSE u.login END AS name, u.login,
       (SELECT COUNT(*) FROM customer c WHERE c.company_id = :company AND c.collector <> '' AND c.collector = m.code) AS customers
FROM membership m JOIN app_user u ON u.id = m.user_id WHERE m.company_id = :company AND m.code <> '' AND u.disabled_at IS NULL
UNION ALL
SELECT c.collector AS code, '' AS name, '' AS login, COUNT(*) AS customers FROM customer c
WHERE c.company_id = :company AND c.collector <> '' AND NOT EXISTS
  (SELECT 1 FROM membership m JOIN app_user u ON u.id = m.user_id WHERE m.company_id = :company AND m.code = c.collector AND u.disabled_at IS NULL)
GROUP BY c.collector ORDER BY 2, 1;

--: collector_lose many
--: old_code text, new_code text -> login text, name text, scope text
-- Who sees customers by the one code, their own or their team's, and not by the other.
SELECT u.login, CASE WHEN u.name <> '' THEN u.name ELSE u.login END AS name, m.scope FROM membership m JOIN app_user u ON u.id = m.user_id
WHERE m.company_id = :company AND u.disabled_at IS NULL AND m.scope <> 'all' AND :old_code <> ''
  AND (m.code = :old_code OR (m.scope = 'team' AND EXISTS
    (SELECT 1 FROM membership o WHERE o.company_id = :company AND o.team_id = m.team_id AND o.code = :old_code)))
  AND NOT (m.code = :new_code OR (m.scope = 'team' AND EXISTS
    (SELECT 1 FROM membership o WHERE o.company_id = :company AND o.team_id = m.team_id AND o.code = :new_code)))
ORDER BY 2;

-- ---- changes a server works through ----

--: bulk_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM bulk_change;

--: bulk_insert exec
--: id id, user_id id, actor text, arguments json, customers int ->
INSERT INTO bulk_change (id, company_id, user_id, actor, arguments, customers, begun_at)
VALUES (:id, :company, :user_id, :actor, :arguments, :customers, :now);

--: bulk_same maybe
--: user_id id, actor text, arguments json -> id id
-- One that is being worked on and asks for exactly this.
SELECT id FROM bulk_change WHERE company_id = :company AND state = 'working' AND user_id = :user_id AND actor = :actor AND arguments = :arguments
ORDER BY id LIMIT 1;

--: bulk_oldest maybe
--: -> id id, company_id id, user_id id, actor text
-- What is to be worked on next, of any company.
SELECT id, company_id, user_id, actor FROM bulk_change WHERE state = 'working' ORDER BY id LIMIT 1;

--: fragment bulk_columns
b.id, b.user_id, b.actor, b.arguments, b.customers, b.last_customer_id, b.changed, b.unchanged, b.refused, b.state, b.message, b.begun_at, b.ended_at

--: bulk_get maybe
--: id id, user_id id -> id id, user_id id, actor text, arguments json, customers int, last_customer_id id, changed int, unchanged int, refused int, state text, message text, begun_at stamp, ended_at stamp?
-- Of one person, or with 0 of anybody.
SELECT @@bulk_columns FROM bulk_change b WHERE b.company_id = :company AND b.id = :id AND (:user_id = 0 OR b.user_id = :user_id);

--: bulk_list many
--: before id, user_id id -> like bulk_get
SELECT @@bulk_columns FROM bulk_change b WHERE b.company_id = :company AND b.id < :before AND (:user_id = 0 OR b.user_id = :user_id)
ORDER BY b.id DESC;

--: bulk_keep exec
--: id id, was_id id, last_customer_id id, changed int, unchanged int, refused int ->
-- Further, unless somebody else was, or it was cancelled.
UPDATE bulk_change SET last_customer_id = :last_customer_id, changed = changed + :changed, unchanged = unchanged + :unchanged, refused = refused + :refused
WHERE id = :id AND state = 'working' AND last_customer_id = :was_id;

--: bulk_end exec
--: id id, state text, message text ->
UPDATE bulk_change SET state = :state, message = :message, ended_at = :now WHERE id = :id AND state = 'working';

--: bulk_tell_one exec
--: change_id id, customer_id id, outcome text, reason text, message text ->
INSERT INTO bulk_told (change_id, customer_id, outcome, reason, message) VALUES (:change_id, :customer_id, :outcome, :reason, :message);

--: bulk_told_list many
--: id id, outcome text -> customer text, name text, outcome text, reason text, message text
SELECT c.code AS customer, c.name, t.outcome, t.reason, t.message FROM bulk_told t JOIN customer c ON c.id = t.customer_id
WHERE t.change_id = :id AND t.outcome = :outcome AND c.id @seen ORDER BY t.customer_id;

--: bulk_forget_told exec
--: before stamp ->
DELETE FROM bulk_told WHERE change_id IN (SELECT id FROM bulk_change WHERE company_id = :company AND ended_at < :before);

--: bulk_forget exec
--: before stamp ->
DELETE FROM bulk_change WHERE company_id = :company AND ended_at < :before;
