-- What a receipt says.

--: receipt_payment maybe
--: id id -> id id, customer_id id, date date, currency currency, amount money, unapplied money, reference text, method text, reversed_on date?
SELECT id, customer_id, date, currency, amount, unapplied, reference, method, reversed_on
FROM payment p WHERE company_id = :company AND id = :id AND p.customer_id @seen;

--: receipt_items many
--: payment_id id -> number text, position int, due_date date, amount money, open money
-- What the money was put to and was not taken from again.
SELECT d.number, i.position, i.due_date, -e.amount AS amount, i.open
FROM entry e JOIN instalment i ON i.id = e.instalment_id JOIN document d ON d.id = i.document_id
WHERE e.payment_id = :payment_id AND e.kind = 'payment' AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id)
ORDER BY e.id;
