-- What `aldia verify` reads. Every query here finds nothing in a sound database, or streams rows to be recomputed.

--: verify_entries many
--: -> id id, instalment_id id, kind text, amount money, date date, payment_id id?, other_id id?, reverses_id id?, event_seq int, seal int, here bool, instalment_company id?, document_id id?, document_event int?, customer_id id?, position int?, instalment_amount money?, is_claim int?, issue_date date?, due_date date?, currency text?, instalment_seal int?, document_issue_date date?, number text?, type text?, reference text?, description text?, applies_to text?
-- All entries in the order in which events cover them, each with its instalment, a charge also with its document.
SELECT e.id, e.instalment_id, e.kind, e.amount, e.date, e.payment_id, e.other_id, e.reverses_id, e.event_seq, e.seal,
       CASE WHEN i.id IS NULL THEN 0 ELSE 1 END AS here, i.company_id AS instalment_company, d.id AS document_id,
       d.event_seq AS document_event, i.customer_id, i.position, i.amount AS instalment_amount, i.is_claim, i.issue_date, i.due_date,
       i.currency, i.seal AS instalment_seal, d.issue_date AS document_issue_date, d.number, d.type, d.reference, d.description, d.applies_to
FROM entry e LEFT JOIN instalment i ON i.id = e.instalment_id
LEFT JOIN document d ON e.kind = 'charge' AND d.id = i.document_id AND d.company_id = e.company_id
WHERE e.company_id = :company ORDER BY e.event_seq, e.id;

--: verify_payment_rows many
--: -> seq int, sort int, id id, customer_id id, date date, currency text, amount money, reference text, method text, bank_account text, invoice_number text, external_id text?, fingerprint blob?, occurrence int, reversed_on date?
-- Payments as events cover them: once when recorded (sort 0), once more when reversed (1); and what was paid back of them (2)
-- or of a credit note or an advance (3), which stands in `occurrence`.
SELECT event_seq AS seq, 0 AS sort, id, customer_id, date, currency, amount, reference, method, bank_account, invoice_number,
       external_id, fingerprint, occurrence, reversed_on
FROM payment WHERE company_id = :company
UNION ALL
SELECT reversed_seq, 1, id, customer_id, date, currency, amount, reference, method, bank_account, invoice_number, external_id,
       fingerprint, occurrence, reversed_on
FROM payment WHERE company_id = :company AND reversed_seq IS NOT NULL
UNION ALL
SELECT r.event_seq, CASE WHEN r.document_id IS NULL THEN 2 ELSE 3 END, r.id, r.customer_id, r.date, '', r.amount, r.reference, r.method, '', '',
       r.external_id, NULL, COALESCE(r.document_id, r.payment_id), NULL
FROM refund r WHERE r.company_id = :company
ORDER BY 1, 2, 3;

--: verify_open_sums many
--: -> currency text, is_claim bool, open money
SELECT currency, is_claim, CAST(SUM(open) AS BIGINT) AS open FROM instalment WHERE company_id = :company GROUP BY currency, is_claim;

--: verify_handed many
--: -> id id, customer_id id, status text, reason text, message_id text, body_hash blob, bytes blob?
-- Messages whose bytes were handed over.
SELECT a.id, a.customer_id, a.status, a.reason, a.message_id, a.body_hash, b.bytes
FROM action a LEFT JOIN message_body b ON b.action_id = a.id AND b.company_id = a.company_id
WHERE a.company_id = :company AND a.body_hash IS NOT NULL ORDER BY a.id;

--: verify_last_event maybe
--: customer_id id, subject text, handing bool -> kind text, data json
-- The last event of a message, or the last time it was handed over.
SELECT kind, data FROM event
WHERE company_id = :company AND customer_id = :customer_id AND subject = :subject
  AND (kind = 'message.handing' OR (:handing = 0 AND kind LIKE 'message.%'))
ORDER BY seq DESC LIMIT 1;

--: verify_orphans many
--: -> what text, id text, expected text
-- Rows that point at nothing, or at another company's rows.
SELECT 'document' AS what, d.number AS id, 'at least one instalment' AS expected FROM document d
WHERE d.company_id = :company AND NOT EXISTS (SELECT 1 FROM instalment i WHERE i.document_id = d.id AND i.company_id = d.company_id)
UNION ALL
SELECT 'document', d.number, 'a customer' FROM document d
WHERE d.company_id = :company AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = d.customer_id AND c.company_id = d.company_id)
UNION ALL
SELECT 'instalment', CAST(i.id AS TEXT), 'a document' FROM instalment i
WHERE i.company_id = :company AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = i.document_id AND d.company_id = i.company_id)
UNION ALL
SELECT 'payment', CAST(p.id AS TEXT), 'a customer' FROM payment p
WHERE p.company_id = :company AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = p.customer_id AND c.company_id = p.company_id)
UNION ALL
SELECT 'payment', CAST(p.id AS TEXT), 'day and event of its reversal together' FROM payment p
WHERE p.company_id = :company AND (p.reversed_seq IS NULL) <> (p.reversed_on IS NULL)
UNION ALL
SELECT 'refund', CAST(r.id AS TEXT), 'a payment of the same customer' FROM refund r
WHERE r.company_id = :company AND r.payment_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = r.payment_id AND p.company_id = r.company_id AND p.customer_id = r.customer_id)
UNION ALL
SELECT 'refund', CAST(r.id AS TEXT), 'a credit note or advance of the same customer' FROM refund r
WHERE r.company_id = :company AND r.document_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM document d JOIN instalment i ON i.document_id = d.id
                  WHERE d.id = r.document_id AND d.company_id = r.company_id AND d.customer_id = r.customer_id AND i.is_claim = 0)
UNION ALL
SELECT 'entry', CAST(e.id AS TEXT), 'a payment of the same customer' FROM entry e JOIN instalment i ON i.id = e.instalment_id
WHERE e.company_id = :company AND e.payment_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = e.payment_id AND p.company_id = e.company_id AND p.customer_id = i.customer_id)
UNION ALL
SELECT 'contact', CAST(k.id AS TEXT), 'a customer' FROM contact k
WHERE k.company_id = :company AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = k.customer_id AND c.company_id = k.company_id)
UNION ALL
SELECT 'message body', CAST(b.action_id AS TEXT), 'a message' FROM message_body b
WHERE NOT EXISTS (SELECT 1 FROM action a WHERE a.id = b.action_id AND a.company_id = b.company_id)
UNION ALL
SELECT 'message', e.subject, 'a row in the outbox' FROM event e
WHERE e.company_id = :company AND e.kind = 'message.handing'
  AND NOT EXISTS (SELECT 1 FROM action a WHERE a.company_id = e.company_id AND CAST(a.id AS TEXT) = e.subject AND a.customer_id = e.customer_id)
UNION ALL
SELECT 'message item', CAST(x.action_id AS TEXT), 'a message and an instalment of one customer' FROM action_item x
WHERE x.company_id = :company
  AND (NOT EXISTS (SELECT 1 FROM action a WHERE a.id = x.action_id AND a.company_id = x.company_id AND a.customer_id = x.customer_id)
       OR NOT EXISTS (SELECT 1 FROM instalment i WHERE i.id = x.instalment_id AND i.company_id = x.company_id AND i.customer_id = x.customer_id))
UNION ALL
SELECT 'promise', CAST(p.id AS TEXT), 'a customer' FROM promise p
WHERE p.company_id = :company AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = p.customer_id AND c.company_id = p.company_id)
UNION ALL
SELECT 'promise', CAST(q.promise_id AS TEXT), 'instalments of its customer' FROM promise_item q JOIN promise p ON p.id = q.promise_id
WHERE p.company_id = :company
  AND NOT EXISTS (SELECT 1 FROM instalment i WHERE i.id = q.instalment_id AND i.company_id = p.company_id AND i.customer_id = p.customer_id)
UNION ALL
SELECT 'dispute', CAST(x.id AS TEXT), 'a document of its customer' FROM dispute x
WHERE x.company_id = :company
  AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = x.document_id AND d.company_id = x.company_id AND d.customer_id = x.customer_id)
UNION ALL
SELECT 'hold', CAST(h.id AS TEXT), 'a customer' FROM hold h
WHERE h.company_id = :company AND h.segment = '' AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = h.customer_id AND c.company_id = h.company_id);

--: verify_pairs many
--: -> instalment_id id, step text, occurrence int, times int
-- Steps performed or planned more than once for one instalment (INV: I1).
SELECT instalment_id, step, occurrence, COUNT(*) AS times FROM action_item
WHERE company_id = :company AND live = 1 AND step <> '' GROUP BY instalment_id, step, occurrence HAVING COUNT(*) > 1
ORDER BY instalment_id, step, occurrence;

--: verify_strategies many
--: -> code text, version int, source text?
-- Every version kept, and the one in force, which must be among them.
SELECT s.code, v.version, v.source FROM strategy s JOIN strategy_version v ON v.strategy_id = s.id WHERE s.company_id = :company
UNION ALL
SELECT s.code, s.version, NULL FROM strategy s
WHERE s.company_id = :company AND NOT EXISTS (SELECT 1 FROM strategy_version v WHERE v.strategy_id = s.id AND v.version = s.version)
ORDER BY 1, 2;

--: verify_message_count one
--: -> messages int
SELECT COUNT(*) AS messages FROM action WHERE company_id = :company AND ladder = 'message';
