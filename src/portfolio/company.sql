-- The creditor.

--: company_insert exec
--: id id, code text, name text, country text, currency currency, zone text, language text, tax_id text, person_email text, event_hash blob ->
INSERT INTO company (id, code, name, country, currency, zone, language, tax_id, person_email, event_hash, created_at)
VALUES (:id, :code, :name, :country, :currency, :zone, :language, :tax_id, :person_email, :event_hash, :now);

--: company_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM company;

--: company_by_code maybe
--: code text -> id id
SELECT id FROM company WHERE code = :code;

--: company_first maybe
--: -> id id, companies int
SELECT MIN(id) AS id, COUNT(*) AS companies FROM company HAVING COUNT(*) > 0;

--: company_get one
--: -> id id, code text, name text, country text, currency currency, zone text, language text, tax_id text, address text, person_name text, person_phone text, person_email text, person_hours text, ways_to_pay text, run_minute int, events int, event_hash blob, last_run_at stamp?, sending text, created_at stamp
SELECT id, code, name, country, currency, zone, language, tax_id, address, person_name, person_phone, person_email,
       person_hours, ways_to_pay, run_minute, events, event_hash, last_run_at, sending, created_at
FROM company WHERE id = :company;

--: company_set_profile exec
--: name text, tax_id text, address text, person_name text, person_phone text, person_email text, person_hours text, ways_to_pay text, run_minute int ->
UPDATE company SET name = :name, tax_id = :tax_id, address = :address, person_name = :person_name,
       person_phone = :person_phone, person_email = :person_email, person_hours = :person_hours,
       ways_to_pay = :ways_to_pay, run_minute = :run_minute
WHERE id = :company;

--: company_set_last_run exec
--: last_run_at stamp ->
UPDATE company SET last_run_at = :last_run_at WHERE id = :company;

--: company_set_sending exec
--: sending text ->
UPDATE company SET sending = :sending WHERE id = :company;

--: data_source_touch exec
--: kind text ->
INSERT INTO data_source (company_id, kind, last_at) VALUES (:company, :kind, :now)
ON CONFLICT (company_id, kind) DO UPDATE SET last_at = excluded.last_at;

--: data_source_latest one
--: -> last_at stamp?
-- The last import of invoices or payments, or bank sync.
SELECT MAX(last_at) AS last_at FROM data_source WHERE company_id = :company AND kind IN ('invoices', 'payments', 'bank');
