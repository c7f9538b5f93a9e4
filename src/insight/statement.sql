-- Statements and ageing, recomputed from the ledger for any day.

--: statement_lines many
--: customer_id id, until date -> currency currency, date date, rank int, id id, kind text, number text, position int, type text, is_claim bool, amount money, change money, payment_id id?, reference text, other_number text
-- Everything that happened up to a day, by currency and date: payments as they came in and went back, then what the ledger booked.
-- `change` is what it did to what the customer owes.
SELECT i.currency, e.date, 1 AS rank, e.id, e.kind, d.number, i.position, d.type, i.is_claim, e.amount,
       CASE WHEN i.is_claim = 1 THEN e.amount ELSE 0 END AS change, e.payment_id, COALESCE(p.reference, d.reference) AS reference,
       COALESCE(o.number, '') AS other_number
FROM document d JOIN instalment i ON i.document_id = d.id JOIN entry e ON e.instalment_id = i.id
LEFT JOIN payment p ON p.id = e.payment_id
LEFT JOIN instalment oi ON oi.id = e.other_id LEFT JOIN document o ON o.id = oi.document_id
WHERE d.company_id = :company AND d.customer_id = :customer_id AND e.date <= :until AND (i.is_claim = 1 OR (e.other_id IS NULL AND e.kind <> 'credit'))
UNION ALL
SELECT currency, date, 0, id, 'received', '', 0, '', 0, -amount, 0, id, reference, '' FROM payment
WHERE company_id = :company AND customer_id = :customer_id AND date <= :until
UNION ALL
SELECT currency, reversed_on, 0, id, 'returned', '', 0, '', 0, amount, 0, id, reference, '' FROM payment
WHERE company_id = :company AND customer_id = :customer_id AND reversed_on IS NOT NULL AND reversed_on <= :until
UNION ALL
SELECT p.currency, r.date, 0, p.id, 'refunded', '', 0, '', 0, r.amount, 0, p.id, r.reference, '' FROM refund r JOIN payment p ON p.id = r.payment_id
WHERE r.company_id = :company AND r.customer_id = :customer_id AND r.date <= :until
UNION ALL
SELECT d.currency, r.date, 0, r.id, 'refunded', d.number, 0, d.type, 0, r.amount, 0, NULL, r.reference, '' FROM refund r
JOIN document d ON d.id = r.document_id
WHERE r.company_id = :company AND r.customer_id = :customer_id AND r.date <= :until
ORDER BY 1, 2, 3, 4;

--: statement_open many
--: customer_id id, at date -> currency currency, number text, position int, instalment_count int, type text, is_claim bool, issue_date date, due_date date, amount money, open money
-- What was open at the end of a day; claims and, with is_claim 0, credit notes and advances not used up.
SELECT i.currency, d.number, i.position, (SELECT COUNT(*) FROM instalment n WHERE n.document_id = d.id) AS instalment_count, d.type,
       i.is_claim, i.issue_date, i.due_date, i.amount, s.open
FROM (SELECT e.instalment_id, CAST(SUM(e.amount) AS BIGINT) AS open
      FROM document x JOIN instalment y ON y.document_id = x.id JOIN entry e ON e.instalment_id = y.id
      WHERE x.company_id = :company AND x.customer_id = :customer_id AND e.date <= :at GROUP BY e.instalment_id) s
JOIN instalment i ON i.id = s.instalment_id JOIN document d ON d.id = i.document_id
WHERE s.open <> 0 ORDER BY i.currency, i.due_date, i.id;

--: statement_spare many
--: customer_id id, at date -> currency currency, id id, date date, reference text, amount money, unapplied money
-- Payments of which something was not used at the end of a day.
SELECT currency, id, date, reference, amount, unapplied
FROM (SELECT p.currency, p.id, p.date, p.reference, p.amount,
             CAST(p.amount + COALESCE((SELECT SUM(e.amount) FROM entry e WHERE e.payment_id = p.id AND e.date <= :at), 0)
                  - COALESCE((SELECT SUM(r.amount) FROM refund r WHERE r.payment_id = p.id AND r.date <= :at), 0) AS BIGINT) AS unapplied
      FROM payment p
      WHERE p.company_id = :company AND p.customer_id = :customer_id AND p.date <= :at AND (p.reversed_on IS NULL OR p.reversed_on > :at)) AS spare
WHERE unapplied <> 0 ORDER BY currency, date, id;

--: customers_stated many
--: at date -> id id
-- Who had anything open, owed by or to them, at the end of a day.
SELECT c.id FROM customer c WHERE c.company_id = :company AND c.id @seen AND (
    EXISTS (SELECT 1 FROM document d JOIN instalment i ON i.document_id = d.id JOIN entry e ON e.instalment_id = i.id
            WHERE d.company_id = c.company_id AND d.customer_id = c.id AND e.date <= :at GROUP BY i.id HAVING SUM(e.amount) <> 0)
    OR EXISTS (SELECT 1 FROM payment p WHERE p.company_id = c.company_id AND p.customer_id = c.id AND p.date <= :at
               AND (p.reversed_on IS NULL OR p.reversed_on > :at)
               AND p.amount + COALESCE((SELECT SUM(e.amount) FROM entry e WHERE e.payment_id = p.id AND e.date <= :at), 0)
                   - COALESCE((SELECT SUM(r.amount) FROM refund r WHERE r.payment_id = p.id AND r.date <= :at), 0) <> 0))
ORDER BY c.id;

--: ageing_customers_at many
--: after text, after_currency text, at date -> code text, name text, currency currency, not_due money, days_30 money, days_60 money, days_90 money, days_120 money, older money, count int
-- Open at the end of a day by customer, from the ledger alone.
SELECT c.code, c.name, s.currency, s.not_due, s.days_30, s.days_60, s.days_90, s.days_120, s.older, s.count
FROM (SELECT customer_id, currency, COUNT(*) AS count,
             CAST(SUM(CASE WHEN due_date >= :at THEN open ELSE 0 END) AS BIGINT) AS not_due,
             CAST(SUM(CASE WHEN due_date < :at AND :at - due_date <= 30 THEN open ELSE 0 END) AS BIGINT) AS days_30,
             CAST(SUM(CASE WHEN :at - due_date > 30 AND :at - due_date <= 60 THEN open ELSE 0 END) AS BIGINT) AS days_60,
             CAST(SUM(CASE WHEN :at - due_date > 60 AND :at - due_date <= 90 THEN open ELSE 0 END) AS BIGINT) AS days_90,
             CAST(SUM(CASE WHEN :at - due_date > 90 AND :at - due_date <= 120 THEN open ELSE 0 END) AS BIGINT) AS days_120,
             CAST(SUM(CASE WHEN :at - due_date > 120 THEN open ELSE 0 END) AS BIGINT) AS older
      FROM (SELECT i.customer_id, i.currency, i.due_date, SUM(e.amount) AS open FROM instalment i JOIN entry e ON e.instalment_id = i.id
            WHERE i.company_id = :company AND i.is_claim = 1 AND e.date <= :at AND i.customer_id @seen
            GROUP BY i.id, i.customer_id, i.currency, i.due_date HAVING SUM(e.amount) <> 0) AS aged
      GROUP BY customer_id, currency) s JOIN customer c ON c.id = s.customer_id
WHERE c.code > :after OR (c.code = :after AND s.currency > :after_currency)
ORDER BY c.code, s.currency;

--: ageing_customers_now many
--: like ageing_customers_at -> like ageing_customers_at
-- The same for the present, from the cached balances.
SELECT c.code, c.name, s.currency, s.not_due, s.days_30, s.days_60, s.days_90, s.days_120, s.older, s.count
FROM (SELECT customer_id, currency, COUNT(*) AS count,
             CAST(SUM(CASE WHEN due_date >= :at THEN open ELSE 0 END) AS BIGINT) AS not_due,
             CAST(SUM(CASE WHEN due_date < :at AND :at - due_date <= 30 THEN open ELSE 0 END) AS BIGINT) AS days_30,
             CAST(SUM(CASE WHEN :at - due_date > 30 AND :at - due_date <= 60 THEN open ELSE 0 END) AS BIGINT) AS days_60,
             CAST(SUM(CASE WHEN :at - due_date > 60 AND :at - due_date <= 90 THEN open ELSE 0 END) AS BIGINT) AS days_90,
             CAST(SUM(CASE WHEN :at - due_date > 90 AND :at - due_date <= 120 THEN open ELSE 0 END) AS BIGINT) AS days_120,
             CAST(SUM(CASE WHEN :at - due_date > 120 THEN open ELSE 0 END) AS BIGINT) AS older
      FROM instalment WHERE company_id = :company AND is_claim = 1 AND open > 0 AND customer_id @seen
      GROUP BY customer_id, currency) s JOIN customer c ON c.id = s.customer_id
WHERE c.code > :after OR (c.code = :after AND s.currency > :after_currency)
ORDER BY c.code, s.currency;
