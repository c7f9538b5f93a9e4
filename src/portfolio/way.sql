-- Ways to pay.

--: way_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM way_to_pay;

--: way_by_code maybe
--: code text -> id id, code text, position int, scheme text, bank text, number text, account_type text, bic text, holder text, holder_tax_id text, city text, note text, country text, currency text
SELECT id, code, position, scheme, bank, number, account_type, bic, holder, holder_tax_id, city, note, country, currency
FROM way_to_pay WHERE company_id = :company AND code = :code;

--: way_list many
--: -> like way_by_code
SELECT id, code, position, scheme, bank, number, account_type, bic, holder, holder_tax_id, city, note, country, currency
FROM way_to_pay WHERE company_id = :company ORDER BY position, id;

--: way_readers many
--: -> country text, currency text, customers int
-- Customers who owe something, by country and currency of their debt.
SELECT c.country, s.currency, COUNT(*) AS customers FROM standing s JOIN customer c ON c.id = s.customer_id
WHERE s.company_id = :company AND s.open > 0 GROUP BY c.country, s.currency ORDER BY c.country, s.currency;

--: way_last one
--: -> position int
SELECT COALESCE(MAX(position), 0) AS position FROM way_to_pay WHERE company_id = :company;

--: way_put exec
--: id id, code text, position int, scheme text, bank text, number text, account_type text, bic text, holder text, holder_tax_id text, city text, note text, country text, currency text, actor text ->
INSERT INTO way_to_pay (id, company_id, code, position, scheme, bank, number, account_type, bic, holder, holder_tax_id, city, note,
                        country, currency, actor, changed_at)
VALUES (:id, :company, :code, :position, :scheme, :bank, :number, :account_type, :bic, :holder, :holder_tax_id, :city, :note,
        :country, :currency, :actor, :now)
ON CONFLICT (id) DO UPDATE SET position = excluded.position, scheme = excluded.scheme, bank = excluded.bank,
    number = excluded.number, account_type = excluded.account_type, bic = excluded.bic, holder = excluded.holder,
    holder_tax_id = excluded.holder_tax_id, city = excluded.city, note = excluded.note, country = excluded.country,
    currency = excluded.currency, actor = excluded.actor, changed_at = excluded.changed_at;

--: way_delete exec
--: id id ->
DELETE FROM way_to_pay WHERE company_id = :company AND id = :id;
