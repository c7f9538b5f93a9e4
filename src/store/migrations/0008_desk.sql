-- What pages are answered from: sums per customer that a list of two hundred thousand can be sorted by, and the words search looks up.
-- All of it follows from the ledger and is made anew from it (portfolio/standing.h); nothing is lost when it is emptied.

-- One row per customer and currency in which something is owed or unused.
CREATE TABLE standing (
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    currency @text NOT NULL,
    open @money NOT NULL,                       -- owed to us
    overdue @money NOT NULL,                    -- of it, due before standing_head.as_of
    oldest_due @date,                           -- of what is owed
    unapplied @money NOT NULL,                  -- money and credit notes not used yet
    not_due @money NOT NULL,                    -- open by lateness: the five sum to it
    days_30 @money NOT NULL,
    days_60 @money NOT NULL,
    days_90 @money NOT NULL,
    older @money NOT NULL,
    items @int NOT NULL,                        -- instalments owed
    PRIMARY KEY (company_id, customer_id, currency)
);
CREATE INDEX standing_overdue ON standing (company_id, currency, overdue, customer_id);
CREATE INDEX standing_open ON standing (company_id, currency, open, customer_id);
CREATE INDEX standing_oldest ON standing (company_id, currency, oldest_due, customer_id) WHERE oldest_due IS NOT NULL;

-- The same for the whole company.
CREATE TABLE standing_total (
    company_id @id NOT NULL,
    currency @text NOT NULL,
    open @money NOT NULL,
    overdue @money NOT NULL,
    unapplied @money NOT NULL,
    not_due @money NOT NULL,
    days_30 @money NOT NULL,
    days_60 @money NOT NULL,
    days_90 @money NOT NULL,
    older @money NOT NULL,
    items @int NOT NULL,
    customers @int NOT NULL,
    customers_overdue @int NOT NULL,
    PRIMARY KEY (company_id, currency)
);

-- How far they go; no row: nobody has asked for them yet, and nothing keeps them.
CREATE TABLE standing_head (
    company_id @id PRIMARY KEY,
    event_seq @int NOT NULL,                    -- of the newest entry taken in
    payment_id @id NOT NULL,                    -- the newest payment
    as_of @date NOT NULL                        -- lateness is counted to this day
);

-- Scratch of a refresh: whose rows are made anew. Emptied in the same transaction.
CREATE TABLE standing_changed (
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    PRIMARY KEY (company_id, customer_id)
);

-- Open tasks, the largest sums first: the queue of the day.
CREATE INDEX action_task ON action (company_id, total, id) WHERE status = 'open';
-- What waits for a person's approval, or whose fate nobody knows.
CREATE INDEX action_approval ON action (company_id, id) WHERE status = 'approval';
CREATE INDEX action_ambiguous ON action (company_id, id) WHERE status = 'ambiguous';
-- Customers by name.
CREATE INDEX customer_name ON customer (company_id, name_folded, id);
-- Addresses that do not work.
CREATE INDEX contact_bounced ON contact (company_id, customer_id) WHERE email_state = 'bounced';
-- Disputes and promises that wait.
CREATE INDEX dispute_open ON dispute (company_id, id) WHERE closed_at IS NULL;
CREATE INDEX promise_due ON promise (company_id, date) WHERE settled_at IS NULL AND cancelled_at IS NULL;
-- Which segments there are.
CREATE INDEX customer_segment ON customer (company_id, segment);
-- What came in, by day.
CREATE INDEX payment_day ON payment (company_id, currency, date, amount) WHERE reversed_seq IS NULL;
