-- What each day came to, for charts over time: what was open by lateness and what was done. A round keeps it at its end (insight/figures.h).
-- It follows from records that stay, but for what was open: that is measured on the day or not known.

-- Days at whose last round what was open was measured.
CREATE TABLE figure_day (
    company_id @id NOT NULL,
    date @date NOT NULL,
    kept_at @stamp NOT NULL,
    PRIMARY KEY (company_id, date)
) @clustered;

-- Open at that round. `collector` '': of the whole company; else of that collector's customers then. No row on a measured day: nothing.
CREATE TABLE figure_open (
    company_id @id NOT NULL,
    collector @text NOT NULL,
    currency @text NOT NULL,
    date @date NOT NULL,
    not_due @money NOT NULL,                    -- open by lateness, as in standing
    days_30 @money NOT NULL,
    days_60 @money NOT NULL,
    days_90 @money NOT NULL,
    older @money NOT NULL,
    items @int NOT NULL,                        -- instalments owed
    customers @int NOT NULL,                    -- who owe
    customers_overdue @int NOT NULL,
    PRIMARY KEY (company_id, collector, currency, date)
) @clustered;
CREATE INDEX figure_open_day ON figure_open (company_id, date);

-- Done on a civil day of the company, counted from events, payments and calls as they came in. The collector is the customer's when it was counted.
CREATE TABLE figure_flow (
    company_id @id NOT NULL,
    collector @text NOT NULL,                   -- '' as above
    date @date NOT NULL,
    kind @text NOT NULL CHECK (kind @one_of ('collected', 'message', 'call', 'task', 'promise_made', 'promise_kept', 'promise_partly',
                                             'promise_broken', 'dispute_opened', 'dispute_closed')),
    channel @text NOT NULL,                     -- of messages, else ''
    currency @text NOT NULL,                    -- of collected and promises, else ''
    count @int NOT NULL,
    amount @money NOT NULL,                     -- 0 without a currency
    PRIMARY KEY (company_id, collector, date, kind, channel, currency)
) @clustered;

-- How far figure_flow goes: what lies beyond is added by the next round, each thing once.
CREATE TABLE figure_head (
    company_id @id PRIMARY KEY,
    since @date NOT NULL,                       -- the first day of the timeline: from here on a day without a row had none
    event_seq @int NOT NULL,
    payment_id @id NOT NULL,
    contact_id @id NOT NULL
);

-- Payments taken back, by when that was.
CREATE INDEX payment_reversed ON payment (company_id, reversed_seq) WHERE reversed_seq IS NOT NULL;
