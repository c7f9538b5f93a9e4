-- The append-only ledger and the payments it allocates.

--: entry_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM entry;

--: entry_insert exec bulk
--: id id, instalment_id id, kind text, amount money, date date, payment_id id?, other_id id?, reverses_id id?, event_seq int, seal int ->
INSERT INTO entry (id, company_id, instalment_id, kind, amount, date, payment_id, other_id, reverses_id, event_seq, seal)
VALUES (:id, :company, :instalment_id, :kind, :amount, :date, :payment_id, :other_id, :reverses_id, :event_seq, :seal);

--: instalment_add_open exec
--: id id, change money ->
-- The cached balance; the table's own check refuses to leave 0..amount.
UPDATE instalment SET open = open + :change WHERE company_id = :company AND id = :id;

--: instalment_open one
--: id id -> open money, amount money, currency currency, customer_id id, document_id id, is_claim bool, due_date date
SELECT open, amount, currency, customer_id, document_id, is_claim, due_date FROM instalment WHERE company_id = :company AND id = :id;

--: entries_of_payment many
--: payment_id id -> id id, instalment_id id, amount money
-- Allocations not reversed yet.
SELECT e.id, e.instalment_id, e.amount FROM entry e
WHERE e.payment_id = :payment_id AND e.kind = 'payment'
  AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id)
ORDER BY e.id;

--: entries_of_document many
--: document_id id -> id id, number text, position int, type text, is_claim bool, kind text, amount money, currency currency, date date, due_date date, payment_id id?, payment_reference text
-- What moved the balance of one document, in order.
SELECT e.id, d.number, i.position, d.type, i.is_claim, CASE WHEN e.kind = 'credit' AND e.other_id IS NULL THEN 'refunded' ELSE e.kind END AS kind,
       e.amount, i.currency, e.date, i.due_date, e.payment_id,
       COALESCE(p.reference, '') AS payment_reference
FROM document d JOIN instalment i ON i.document_id = d.id JOIN entry e ON e.instalment_id = i.id
LEFT JOIN payment p ON p.id = e.payment_id
WHERE d.company_id = :company AND d.id = :document_id
ORDER BY e.date, e.id;

--: payment_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM payment;

--: payment_insert exec
--: id id, customer_id id, date date, currency currency, amount money, unapplied money, reference text, method text, bank_account text, invoice_number text, external_id text?, fingerprint blob, occurrence int, event_seq int ->
INSERT INTO payment (id, company_id, customer_id, date, currency, amount, unapplied, reference, method, bank_account,
                     invoice_number, external_id, fingerprint, occurrence, event_seq)
VALUES (:id, :company, :customer_id, :date, :currency, :amount, :unapplied, :reference, :method, :bank_account,
        :invoice_number, :external_id, :fingerprint, :occurrence, :event_seq);

--: payment_by_external maybe
--: external_id text -> id id, customer_id id, date date, currency currency, amount money
SELECT id, customer_id, date, currency, amount FROM payment WHERE company_id = :company AND external_id = :external_id;

--: payment_by_fingerprint maybe
--: fingerprint blob, occurrence int -> id id
SELECT id FROM payment WHERE company_id = :company AND fingerprint = :fingerprint AND occurrence = :occurrence;

--: payment_occurrences one
--: fingerprint blob -> count int
SELECT CAST(COALESCE(MAX(occurrence), 0) AS BIGINT) AS count FROM payment WHERE company_id = :company AND fingerprint = :fingerprint;

--: payment_get maybe
--: id id -> id id, customer_id id, date date, currency currency, amount money, unapplied money, reference text, external_id text?, reversed_seq int?
SELECT id, customer_id, date, currency, amount, unapplied, reference, external_id, reversed_seq
FROM payment p WHERE company_id = :company AND id = :id AND p.customer_id @seen;

--: payment_set_unapplied exec
--: id id, unapplied money ->
UPDATE payment SET unapplied = :unapplied WHERE company_id = :company AND id = :id;

--: payment_set_reversed exec
--: id id, reversed_seq int, reversed_on date ->
UPDATE payment SET unapplied = 0, reversed_seq = :reversed_seq, reversed_on = :reversed_on WHERE company_id = :company AND id = :id;

--: refund_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM refund;

--: refund_insert exec
--: id id, customer_id id, payment_id id?, document_id id?, date date, amount money, reference text, method text, external_id text?, event_seq int ->
INSERT INTO refund (id, company_id, customer_id, payment_id, document_id, date, amount, reference, method, external_id, event_seq)
VALUES (:id, :company, :customer_id, :payment_id, :document_id, :date, :amount, :reference, :method, :external_id, :event_seq);

--: refund_by_external maybe
--: external_id text -> id id, payment_id id?, document_id id?, date date, amount money
SELECT id, payment_id, document_id, date, amount FROM refund WHERE company_id = :company AND external_id = :external_id;

--: refunded_of_payment one
--: payment_id id -> refunded money
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS refunded FROM refund WHERE company_id = :company AND payment_id = :payment_id;

--: payment_list many
--: customer_id id, all_customers bool, after id -> id id, customer_code text, date date, currency currency, amount money, unapplied money, reference text, external_id text?, reversed_seq int?
SELECT p.id, c.code AS customer_code, p.date, p.currency, p.amount, p.unapplied, p.reference, p.external_id, p.reversed_seq
FROM payment p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND p.id > :after AND (:all_customers = 1 OR p.customer_id = :customer_id) AND p.customer_id @seen ORDER BY p.id;

--: payment_one maybe
--: id id -> like payment_list
SELECT p.id, c.code AS customer_code, p.date, p.currency, p.amount, p.unapplied, p.reference, p.external_id, p.reversed_seq
FROM payment p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND p.id = :id AND p.customer_id @seen;

--: paid_by_customer one
--: customer_id id, currency currency -> paid money
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS paid FROM payment
WHERE company_id = :company AND customer_id = :customer_id AND currency = :currency AND reversed_seq IS NULL;

--: verify_instalments many
--: -> id id, number text, position int, amount money, open money, ledger money, document_amount money, instalments_amount money
-- Instalments whose cache, or whose document's total, differs from the ledger.
SELECT i.id, d.number, i.position, i.amount, i.open, CAST(COALESCE(s.ledger, 0) AS BIGINT) AS ledger, d.amount AS document_amount,
       t.instalments_amount
FROM instalment i
JOIN document d ON d.id = i.document_id
JOIN (SELECT document_id, CAST(SUM(amount) AS BIGINT) AS instalments_amount FROM instalment WHERE company_id = :company GROUP BY document_id) t
  ON t.document_id = i.document_id
LEFT JOIN (SELECT instalment_id, SUM(amount) AS ledger FROM entry WHERE company_id = :company GROUP BY instalment_id) s ON s.instalment_id = i.id
WHERE i.company_id = :company
  AND (i.open <> COALESCE(s.ledger, 0) OR d.amount <> t.instalments_amount OR i.customer_id <> d.customer_id OR i.currency <> d.currency)
ORDER BY i.id;

--: verify_charges many
--: -> id id, number text, position int, amount money, charged money
-- Instalments whose charge entries do not add up to their amount.
SELECT i.id, d.number, i.position, i.amount, CAST(COALESCE(s.charged, 0) AS BIGINT) AS charged
FROM instalment i JOIN document d ON d.id = i.document_id
LEFT JOIN (SELECT instalment_id, SUM(amount) AS charged FROM entry WHERE company_id = :company AND kind IN ('charge', 'interest')
           GROUP BY instalment_id) s ON s.instalment_id = i.id
WHERE i.company_id = :company AND i.amount <> COALESCE(s.charged, 0) ORDER BY i.id;

--: verify_payments many
--: -> id id, amount money, unapplied money, allocated money, refunded money, reversed bool
-- Payments where amount = allocated + unapplied + refunded does not hold (a reversed one must have nothing of them).
SELECT p.id, p.amount, p.unapplied, CAST(COALESCE(s.allocated, 0) AS BIGINT) AS allocated, CAST(COALESCE(b.refunded, 0) AS BIGINT) AS refunded,
       CASE WHEN p.reversed_seq IS NULL THEN 0 ELSE 1 END AS reversed
FROM payment p
LEFT JOIN (SELECT payment_id, -SUM(amount) AS allocated FROM entry WHERE company_id = :company AND payment_id IS NOT NULL
           GROUP BY payment_id) s ON s.payment_id = p.id
LEFT JOIN (SELECT payment_id, SUM(amount) AS refunded FROM refund WHERE company_id = :company AND payment_id IS NOT NULL GROUP BY payment_id) b ON b.payment_id = p.id
WHERE p.company_id = :company
  AND ((p.reversed_seq IS NULL AND p.amount <> COALESCE(s.allocated, 0) + p.unapplied + COALESCE(b.refunded, 0))
       OR (p.reversed_seq IS NOT NULL AND (COALESCE(s.allocated, 0) <> 0 OR p.unapplied <> 0 OR COALESCE(b.refunded, 0) <> 0)))
ORDER BY p.id;

--: verify_credits many
--: -> currency text, given money, taken money
-- Credit allocations must take from one side what they give to the other.
SELECT i.currency, CAST(SUM(CASE WHEN i.is_claim = 1 THEN e.amount ELSE 0 END) AS BIGINT) AS given,
       CAST(SUM(CASE WHEN i.is_claim = 0 THEN e.amount ELSE 0 END) AS BIGINT) AS taken
FROM entry e JOIN instalment i ON i.id = e.instalment_id
WHERE e.company_id = :company AND e.other_id IS NOT NULL GROUP BY i.currency
HAVING SUM(CASE WHEN i.is_claim = 1 THEN e.amount ELSE 0 END) <> SUM(CASE WHEN i.is_claim = 0 THEN e.amount ELSE 0 END)
ORDER BY i.currency;

--: verify_refunds many
--: -> seq int, number text, taken money, refunded money
-- What the ledger took from credit notes and advances to be paid back, against the refunds, event by event and document by document.
SELECT t.seq, d.number, CAST(SUM(t.taken) AS BIGINT) AS taken, CAST(SUM(t.refunded) AS BIGINT) AS refunded
FROM (SELECT e.event_seq AS seq, i.document_id, -e.amount AS taken, 0 AS refunded FROM entry e JOIN instalment i ON i.id = e.instalment_id
      WHERE e.company_id = :company AND e.kind = 'credit' AND e.other_id IS NULL
      UNION ALL
      SELECT event_seq, document_id, 0, amount FROM refund WHERE company_id = :company AND document_id IS NOT NULL) t
JOIN document d ON d.id = t.document_id
GROUP BY t.seq, d.number HAVING SUM(t.taken) <> SUM(t.refunded) ORDER BY t.seq, d.number;

--: verify_counts one
--: -> customers int, documents int, instalments int, entries int, payments int, events int
SELECT (SELECT COUNT(*) FROM customer WHERE company_id = :company) AS customers,
       (SELECT COUNT(*) FROM document WHERE company_id = :company) AS documents,
       (SELECT COUNT(*) FROM instalment WHERE company_id = :company) AS instalments,
       (SELECT COUNT(*) FROM entry WHERE company_id = :company) AS entries,
       (SELECT COUNT(*) FROM payment WHERE company_id = :company) AS payments,
       (SELECT COUNT(*) FROM event WHERE company_id = :company) AS events;

--: ageing_at many
--: at date -> currency currency, days_class int, count int, amount money
-- Open at the end of a day by age class (0 not due, 1: 1–30, 2: 31–60, 3: 61–90, 4: 91–120, 5: over 120), from the ledger alone.
SELECT currency,
       CASE WHEN due_date >= :at THEN 0 WHEN :at - due_date <= 30 THEN 1 WHEN :at - due_date <= 60 THEN 2
            WHEN :at - due_date <= 90 THEN 3 WHEN :at - due_date <= 120 THEN 4 ELSE 5 END AS days_class,
       COUNT(*) AS count, CAST(SUM(open) AS BIGINT) AS amount
FROM (SELECT i.currency, i.due_date, SUM(e.amount) AS open FROM instalment i JOIN entry e ON e.instalment_id = i.id
      WHERE i.company_id = :company AND i.is_claim = 1 AND e.date <= :at AND i.customer_id @seen
      GROUP BY i.id, i.currency, i.due_date HAVING SUM(e.amount) <> 0) AS aged
GROUP BY currency, 2 ORDER BY currency, 2;

--: ageing_now many
--: at date -> currency currency, days_class int, count int, amount money
-- The same for the present, from the cached balances: what is open now by its age on :at. By due date first, which the index gives.
SELECT currency,
       CASE WHEN due_date >= :at THEN 0 WHEN :at - due_date <= 30 THEN 1 WHEN :at - due_date <= 60 THEN 2
            WHEN :at - due_date <= 90 THEN 3 WHEN :at - due_date <= 120 THEN 4 ELSE 5 END AS days_class,
       CAST(SUM(count) AS BIGINT) AS count, CAST(SUM(amount) AS BIGINT) AS amount
FROM (SELECT currency, due_date, COUNT(*) AS count, SUM(open) AS amount FROM instalment
      WHERE company_id = :company AND is_claim = 1 AND open > 0 AND customer_id @seen GROUP BY currency, due_date) AS by_day
GROUP BY currency, 2 ORDER BY currency, 2;

--: write_offs_of_instalment many
--: instalment_id id -> id id, amount money
-- Not reversed yet.
SELECT e.id, e.amount FROM entry e
WHERE e.company_id = :company AND e.instalment_id = :instalment_id AND e.kind = 'write_off'
  AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id)
ORDER BY e.id;
