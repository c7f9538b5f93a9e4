-- Holds, promises and disputes.

--: hold_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM hold;

--: hold_insert exec
--: id id, customer_id id?, document_id id?, segment text, reason text, actor text, until_date date? ->
INSERT INTO hold (id, company_id, customer_id, document_id, segment, reason, actor, since, until_date)
VALUES (:id, :company, :customer_id, :document_id, :segment, :reason, :actor, :now, :until_date);

--: hold_get maybe
--: id id -> id id, customer_id id?, customer_code text?, customer_name text?, number text?, segment text, reason text, actor text, since stamp, until_date date?, released_at stamp?
SELECT h.id, h.customer_id, c.code AS customer_code, c.name AS customer_name, d.number, h.segment, h.reason, h.actor, h.since, h.until_date, h.released_at
FROM hold h LEFT JOIN customer c ON c.id = h.customer_id LEFT JOIN document d ON d.id = h.document_id
WHERE h.company_id = :company AND h.id = :id AND (c.id @seen OR (h.segment <> '' AND EXISTS
    (SELECT 1 FROM customer s WHERE s.company_id = :company AND s.segment = h.segment AND s.id @seen)));

--: hold_list many
--: after id, ended_too bool, today date -> like hold_get
SELECT h.id, h.customer_id, c.code AS customer_code, c.name AS customer_name, d.number, h.segment, h.reason, h.actor, h.since, h.until_date, h.released_at
FROM hold h LEFT JOIN customer c ON c.id = h.customer_id LEFT JOIN document d ON d.id = h.document_id
WHERE h.company_id = :company AND h.id > :after AND (c.id @seen OR (h.segment <> '' AND EXISTS
    (SELECT 1 FROM customer s WHERE s.company_id = :company AND s.segment = h.segment AND s.id @seen)))
  AND (:ended_too = 1 OR (h.released_at IS NULL AND (h.until_date IS NULL OR h.until_date >= :today)))
ORDER BY h.id;

--: hold_end exec
--: id id ->
UPDATE hold SET released_at = :now WHERE company_id = :company AND id = :id AND released_at IS NULL;

--: hold_release exec
--: customer_id id ->
UPDATE hold SET released_at = :now
WHERE company_id = :company AND customer_id = :customer_id AND document_id IS NULL AND released_at IS NULL;

--: promise_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM promise;

--: promise_insert exec
--: id id, customer_id id, currency currency, amount money, paid_before money, date date, source text, actor text ->
INSERT INTO promise (id, company_id, customer_id, currency, amount, paid_before, date, source, actor, made_at)
VALUES (:id, :company, :customer_id, :currency, :amount, :paid_before, :date, :source, :actor, :now);

--: promise_item_insert exec
--: promise_id id, instalment_id id, open_then money ->
INSERT INTO promise_item (promise_id, instalment_id, open_then) VALUES (:promise_id, :instalment_id, :open_then);

--: promises_due many
--: today date -> id id, customer_id id, date date, amount money, paid money, left_open money
-- Promises the ledger can decide by now: their day is over, or what was promised came in.
SELECT p.id, p.customer_id, p.date, p.amount, CAST(SUM(q.open_then - i.open) AS BIGINT) AS paid, CAST(SUM(i.open) AS BIGINT) AS left_open
FROM promise p JOIN promise_item q ON q.promise_id = p.id JOIN instalment i ON i.id = q.instalment_id
WHERE p.company_id = :company AND p.cancelled_at IS NULL AND p.settled_at IS NULL
GROUP BY p.id, p.customer_id, p.date, p.amount
HAVING p.date < :today OR SUM(q.open_then - i.open) >= p.amount OR SUM(i.open) = 0 ORDER BY p.id;

--: promise_settle exec
--: id id, outcome text ->
UPDATE promise SET settled_at = :now, outcome = :outcome WHERE company_id = :company AND id = :id AND settled_at IS NULL;

--: promise_list many
--: customer_id id, all_customers bool, only_open bool, after id -> id id, customer_code text, customer_name text, date date, currency currency, amount money, made_at stamp, outcome text?, cancelled_at stamp?
SELECT p.id, c.code AS customer_code, c.name AS customer_name, p.date, p.currency, p.amount, p.made_at, p.outcome, p.cancelled_at
FROM promise p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND p.id > :after AND (:all_customers = 1 OR p.customer_id = :customer_id) AND p.customer_id @seen
  AND (:only_open = 0 OR (p.settled_at IS NULL AND p.cancelled_at IS NULL)) ORDER BY p.id;

--: dispute_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM dispute;

--: dispute_insert exec
--: id id, customer_id id, document_id id, reason text, actor text ->
INSERT INTO dispute (id, company_id, customer_id, document_id, reason, actor, opened_at)
VALUES (:id, :company, :customer_id, :document_id, :reason, :actor, :now);

--: dispute_of_document maybe
--: document_id id -> id id
SELECT id FROM dispute WHERE company_id = :company AND document_id = :document_id AND closed_at IS NULL LIMIT 1;

--: dispute_close exec
--: id id, outcome text ->
UPDATE dispute SET closed_at = :now, outcome = :outcome WHERE company_id = :company AND id = :id;

--: dispute_list many
--: only_open bool, after id -> id id, customer_code text, customer_name text, number text, reason text, opened_at stamp, closed_at stamp?, outcome text?
SELECT x.id, c.code AS customer_code, c.name AS customer_name, d.number, x.reason, x.opened_at, x.closed_at, x.outcome
FROM dispute x JOIN customer c ON c.id = x.customer_id JOIN document d ON d.id = x.document_id
WHERE x.company_id = :company AND x.id > :after AND x.customer_id @seen AND (:only_open = 0 OR x.closed_at IS NULL) ORDER BY x.id;

--: manual_contact_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM manual_contact;

--: manual_contact_insert exec
--: id id, customer_id id, channel text, at stamp, conversation bool, actor text ->
INSERT INTO manual_contact (id, company_id, customer_id, channel, at, conversation, actor)
VALUES (:id, :company, :customer_id, :channel, :at, :conversation, :actor);

--: recourse_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM recourse;

--: recourse_end exec
--: document_id id ->
UPDATE recourse SET ended_at = :now WHERE company_id = :company AND document_id = :document_id AND ended_at IS NULL;

--: recourse_insert exec
--: id id, customer_id id, document_id id, kind text, reason text, actor text ->
INSERT INTO recourse (id, company_id, customer_id, document_id, kind, reason, actor, since)
VALUES (:id, :company, :customer_id, :document_id, :kind, :reason, :actor, :now);
