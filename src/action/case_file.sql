-- What a case file holds besides statement and chain: everything about one customer.

--: case_messages many
--: customer_id id -> id id, channel text, address text, status text, step text, tone text, planned_date date, message_id text, handed_at stamp?, body_hash blob?
SELECT id, channel, address, status, step, tone, planned_date, message_id, handed_at, body_hash FROM action
WHERE company_id = :company AND customer_id = :customer_id AND ladder = 'message' ORDER BY id;

--: case_promises many
--: customer_id id -> id id, currency currency, amount money, date date, source text, actor text, made_at stamp, cancelled_at stamp?, outcome text?
SELECT id, currency, amount, date, source, actor, made_at, cancelled_at, outcome FROM promise
WHERE company_id = :company AND customer_id = :customer_id ORDER BY id;

--: case_disputes many
--: customer_id id -> number text, reason text, actor text, opened_at stamp, closed_at stamp?, outcome text?
SELECT d.number, x.reason, x.actor, x.opened_at, x.closed_at, x.outcome FROM dispute x JOIN document d ON d.id = x.document_id
WHERE x.company_id = :company AND x.customer_id = :customer_id ORDER BY x.id;

--: case_holds many
--: customer_id id -> number text?, reason text, actor text, since stamp, until_date date?, released_at stamp?
SELECT d.number, h.reason, h.actor, h.since, h.until_date, h.released_at FROM hold h LEFT JOIN document d ON d.id = h.document_id
WHERE h.company_id = :company AND h.customer_id = :customer_id ORDER BY h.id;

--: case_covering many
--: customer_id id -> seq int
-- Events that cover payments, their reversals, or ledger entries of the customer.
SELECT event_seq AS seq FROM payment WHERE company_id = :company AND customer_id = :customer_id
UNION
SELECT reversed_seq FROM payment WHERE company_id = :company AND customer_id = :customer_id AND reversed_seq IS NOT NULL
UNION
SELECT e.event_seq FROM document d JOIN instalment i ON i.document_id = d.id JOIN entry e ON e.instalment_id = i.id
WHERE d.company_id = :company AND d.customer_id = :customer_id
ORDER BY 1;
