-- What pages of a large company are found by.

-- Whom each hold reaches, as before. A NULL has no type, and SQLite looks for one customer inside a UNION ALL only when its parts agree in
-- theirs; else it makes the whole of it, all customers of a segment on hold included, for every row it is asked of.
DROP VIEW hold_reach;
CREATE VIEW hold_reach AS
SELECT id, company_id, customer_id, document_id, reason, since, until_date, released_at FROM hold WHERE customer_id IS NOT NULL
UNION ALL
SELECT h.id, h.company_id, c.id, h.document_id, h.reason, h.since, h.until_date, h.released_at
FROM hold h JOIN customer c ON c.company_id = h.company_id AND c.segment = h.segment WHERE h.segment <> ''
UNION ALL
SELECT id, company_id, customer_id, document_id, kind, since, CAST(NULL AS BIGINT), ended_at FROM recourse WHERE kind IN ('agency', 'legal');

-- What waits for a person: the largest sums first, and counted for whoever sees only some customers without reading the actions themselves.
DROP INDEX action_task;
CREATE INDEX action_task ON action (company_id, total, id, customer_id) WHERE status = 'open';
DROP INDEX action_approval;
CREATE INDEX action_approval ON action (company_id, total, id, customer_id) WHERE status = 'approval';
DROP INDEX action_ambiguous;
CREATE INDEX action_ambiguous ON action (company_id, total, id, customer_id) WHERE status = 'ambiguous';
DROP INDEX action_unfinished;
CREATE INDEX action_unfinished ON action (company_id, id, status, customer_id) WHERE finished_at IS NULL AND ladder = 'message';
