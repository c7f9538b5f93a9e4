-- The timeline read forwards.

--: changes_head one
--: -> events int
SELECT events FROM company WHERE id = :company;

--: changes_after many
--: after int, limit int -> seq int, at stamp, actor text, kind text, customer_id id?, subject text, data json, customer_code text
SELECT e.seq, e.at, e.actor, e.kind, e.customer_id, e.subject, e.data, COALESCE(c.code, '') AS customer_code
FROM event e LEFT JOIN customer c ON c.id = e.customer_id AND c.company_id = e.company_id
WHERE e.company_id = :company AND e.seq > :after ORDER BY e.seq LIMIT :limit;

--: changes_customer_still maybe
--: id id -> id id
SELECT id FROM customer c WHERE company_id = :company AND id = :id AND c.id @seen;

--: changes_customer_seen maybe
--: code text -> id id
SELECT id FROM customer c WHERE company_id = :company AND code = :code AND c.id @seen;
