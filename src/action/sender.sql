-- Who a company says it is.

--: sender_get maybe
--: -> name text, address text, reply_to text, logo_type text, logo blob?
SELECT name, address, reply_to, logo_type, logo FROM company_sender WHERE company_id = :company;

--: sender_begin exec
--: ->
INSERT INTO company_sender (company_id, changed_at) VALUES (:company, :now) ON CONFLICT (company_id) DO NOTHING;

--: sender_put exec
--: name text, address text, reply_to text ->
UPDATE company_sender SET name = :name, address = :address, reply_to = :reply_to, changed_at = :now WHERE company_id = :company;

--: sender_put_logo exec
--: logo_type text, logo blob? ->
UPDATE company_sender SET logo_type = :logo_type, logo = :logo, changed_at = :now WHERE company_id = :company;

--: sender_companies one
--: -> count int
-- Several share what aldia.conf says.
SELECT COUNT(*) AS count FROM company;

--: sender_samples many
--: -> code text
-- Some customers to show a mail for: who owe something, by the index of what is open; not each gets a message (disputes, promises).
SELECT c.code FROM instalment i JOIN customer c ON c.id = i.customer_id
WHERE i.company_id = :company AND i.is_claim = 1 AND i.open > 0 AND i.customer_id @seen ORDER BY i.due_date DESC, i.id LIMIT 20;
