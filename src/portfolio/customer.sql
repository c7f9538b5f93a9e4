-- Customers and their contacts.

--: customer_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM customer;

--: contact_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM contact;

--: customer_insert exec bulk
--: id id, code text, name text, name_folded text, kind text, tax_id text, country text, region text, language text, zone text, segment text, sector text, profile text, currency text, credit_limit money?, payment_terms text, collector text, seller text, custom json ->
INSERT INTO customer (id, company_id, code, name, name_folded, kind, tax_id, country, region, language, zone, segment, sector,
                      profile, currency, credit_limit, payment_terms, collector, seller, custom, created_at, updated_at)
VALUES (:id, :company, :code, :name, :name_folded, :kind, :tax_id, :country, :region, :language, :zone, :segment, :sector,
        :profile, :currency, :credit_limit, :payment_terms, :collector, :seller, :custom, :now, :now);

--: contact_insert exec bulk
--: id id, customer_id id, name text, role text, email text, phone text, whatsapp text, language text, position int ->
INSERT INTO contact (id, company_id, customer_id, name, role, email, phone, whatsapp, language, position)
VALUES (:id, :company, :customer_id, :name, :role, :email, :phone, :whatsapp, :language, :position);

--: customer_id_by_code maybe lookup
--: code text -> id id
-- For many rows: the index alone answers it.
SELECT id FROM customer WHERE company_id = :company AND code = :code;

--: customer_by_code maybe
--: code text -> id id, currency text, country text
SELECT id, currency, country FROM customer WHERE company_id = :company AND code = :code;

--: customer_seen_by_code maybe
--: code text -> like customer_by_code
-- For whoever asks: a customer out of reach is as unknown as one that does not exist.
SELECT id, currency, country FROM customer c WHERE company_id = :company AND code = :code AND c.id @seen;

--: customer_get one
--: id id -> id id, code text, name text, kind text, tax_id text, country text, region text, language text, zone text, segment text, sector text, profile text, currency text, credit_limit money?, payment_terms text, collector text, seller text, strategy_id id?, custom json
SELECT id, code, name, kind, tax_id, country, region, language, zone, segment, sector, profile, currency, credit_limit,
       payment_terms, collector, seller, strategy_id, custom
FROM customer WHERE company_id = :company AND id = :id;

--: customer_update exec
--: id id, name text, name_folded text, kind text, tax_id text, country text, region text, language text, zone text, segment text, sector text, profile text, currency text, credit_limit money?, payment_terms text, collector text, seller text, custom json ->
UPDATE customer SET name = :name, name_folded = :name_folded, kind = :kind, tax_id = :tax_id, country = :country,
       region = :region, language = :language, zone = :zone, segment = :segment, sector = :sector, profile = :profile,
       currency = :currency, credit_limit = :credit_limit, payment_terms = :payment_terms, collector = :collector, seller = :seller,
       custom = :custom, updated_at = :now
WHERE company_id = :company AND id = :id;

--: customer_set_strategy exec
--: id id, strategy_id id? ->
UPDATE customer SET strategy_id = :strategy_id, updated_at = :now WHERE company_id = :company AND id = :id;

--: contact_get maybe
--: id id -> id id, customer_id id, customer_code text, name text, role text, email text, phone text, whatsapp text, language text, email_state text, phone_state text, whatsapp_state text, opt_outs text, consents text, preferred text, hours text
SELECT c.id, c.customer_id, u.code, c.name, c.role, c.email, c.phone, c.whatsapp, c.language, c.email_state, c.phone_state,
       c.whatsapp_state, c.opt_outs, c.consents, c.preferred, c.hours
FROM contact c JOIN customer u ON u.id = c.customer_id
WHERE c.company_id = :company AND c.id = :id AND c.removed_at IS NULL AND c.customer_id @seen;

--: contact_list many
--: customer_id id, after id -> like contact_get
SELECT c.id, c.customer_id, u.code AS customer_code, c.name, c.role, c.email, c.phone, c.whatsapp, c.language, c.email_state, c.phone_state,
       c.whatsapp_state, c.opt_outs, c.consents, c.preferred, c.hours
FROM contact c JOIN customer u ON u.id = c.customer_id
WHERE c.company_id = :company AND c.customer_id = :customer_id AND c.removed_at IS NULL
  AND (:after = 0 OR EXISTS (SELECT 1 FROM contact a WHERE a.customer_id = :customer_id AND a.id = :after
                             AND (c.position > a.position OR (c.position = a.position AND c.id > a.id)))) ORDER BY c.position, c.id;

--: contact_next_position one
--: customer_id id -> position int
SELECT COALESCE(MAX(position), -1) + 1 AS position FROM contact WHERE company_id = :company AND customer_id = :customer_id;

--: contact_set_wishes exec
--: id id, opt_outs text, consents text, preferred text, hours text ->
UPDATE contact SET opt_outs = :opt_outs, consents = :consents, preferred = :preferred, hours = :hours
WHERE company_id = :company AND id = :id;

--: contact_remove exec
--: id id ->
UPDATE contact SET removed_at = :now WHERE company_id = :company AND id = :id;

--: contact_first maybe
--: customer_id id -> id id, name text, role text, email text, phone text, whatsapp text, language text
SELECT id, name, role, email, phone, whatsapp, language
FROM contact WHERE company_id = :company AND customer_id = :customer_id AND removed_at IS NULL ORDER BY position, id LIMIT 1;

--: contact_update exec
--: id id, name text, role text, email text, phone text, whatsapp text, language text, email_changed bool, phone_changed bool, whatsapp_changed bool ->
-- A new address has not bounced yet; what the person wished stays.
UPDATE contact SET name = :name, role = :role, email = :email, phone = :phone, whatsapp = :whatsapp, language = :language,
       email_state = CASE WHEN :email_changed = 1 THEN 'ok' ELSE email_state END,
       phone_state = CASE WHEN :phone_changed = 1 THEN 'ok' ELSE phone_state END,
       whatsapp_state = CASE WHEN :whatsapp_changed = 1 THEN 'ok' ELSE whatsapp_state END
WHERE company_id = :company AND id = :id;

--: customer_balances many
--: after id, min_overdue date, today date, only_overdue bool -> id id, code text, name text, currency text, open money, overdue money, oldest_due date?, unapplied money, held bool
-- One row per customer and currency it has something in (one with the customer's own currency when there is nothing).
WITH owed AS (
    SELECT customer_id, currency,
           SUM(CASE WHEN is_claim = 1 THEN open ELSE 0 END) AS open,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today THEN open ELSE 0 END) AS overdue,
           MIN(CASE WHEN is_claim = 1 THEN due_date END) AS oldest_due,
           SUM(CASE WHEN is_claim = 0 THEN open ELSE 0 END) AS credit
    FROM instalment WHERE company_id = :company AND open > 0 GROUP BY customer_id, currency
), spare AS (
    SELECT customer_id, currency, SUM(unapplied) AS unapplied
    FROM payment WHERE company_id = :company AND unapplied > 0 GROUP BY customer_id, currency
), both_sides AS (
    SELECT customer_id, currency, open, overdue, oldest_due, credit AS unapplied FROM owed
    UNION ALL
    SELECT customer_id, currency, 0, 0, NULL, unapplied FROM spare
), balance AS (
    SELECT customer_id, currency, SUM(open) AS open, SUM(overdue) AS overdue, MIN(oldest_due) AS oldest_due, SUM(unapplied) AS unapplied
    FROM both_sides GROUP BY customer_id, currency
)
SELECT c.id, c.code, c.name, COALESCE(b.currency, c.currency) AS currency, CAST(COALESCE(b.open, 0) AS BIGINT) AS open,
       CAST(COALESCE(b.overdue, 0) AS BIGINT) AS overdue, b.oldest_due, CAST(COALESCE(b.unapplied, 0) AS BIGINT) AS unapplied,
       CASE WHEN EXISTS (SELECT 1 FROM hold_reach h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.document_id IS NULL
                         AND h.released_at IS NULL AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held
FROM customer c LEFT JOIN balance b ON b.customer_id = c.id
WHERE c.company_id = :company AND c.id > :after AND c.id @seen
  AND (:only_overdue = 0 OR b.oldest_due <= :min_overdue)
ORDER BY c.id, 4;

--: customer_balance_one many
--: id id, today date -> currency text, open money, overdue money, oldest_due date?, credit money
SELECT currency,
       CAST(SUM(CASE WHEN is_claim = 1 THEN open ELSE 0 END) AS BIGINT) AS open,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date < :today THEN open ELSE 0 END) AS BIGINT) AS overdue,
       MIN(CASE WHEN is_claim = 1 THEN due_date END) AS oldest_due,
       CAST(SUM(CASE WHEN is_claim = 0 THEN open ELSE 0 END) AS BIGINT) AS credit
FROM instalment WHERE company_id = :company AND customer_id = :id AND open > 0 GROUP BY currency ORDER BY currency;

--: customer_set_collector exec
--: id id, collector text ->
UPDATE customer SET collector = :collector, updated_at = :now WHERE company_id = :company AND id = :id;
