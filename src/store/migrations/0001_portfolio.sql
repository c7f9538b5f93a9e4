-- The portfolio, the ledger, the timeline, casework, strategies and the outbox.
--
-- Conventions: company_id leads every key; the tables that grow do not refer to company, which would cost a look per row. Money is in
-- minor units beside its ISO currency; @date is the civil day number since 1970-01-01, @stamp milliseconds since then. Closed lists of
-- words are checked by the database. Nothing is deleted unless a comment says so.

CREATE TABLE company (
    id @id PRIMARY KEY,
    code @text NOT NULL UNIQUE,                 -- what --company takes
    name @text NOT NULL,
    country @text NOT NULL,                     -- ISO 3166 alpha-2
    currency @text NOT NULL,                    -- ISO 4217, the default of imports and reports
    zone @text NOT NULL,                        -- IANA
    language @text NOT NULL DEFAULT 'es',
    tax_id @text NOT NULL DEFAULT '',
    address @text NOT NULL DEFAULT '',
    person_name @text NOT NULL DEFAULT '',      -- whom debtors may ask
    person_phone @text NOT NULL DEFAULT '',
    person_email @text NOT NULL DEFAULT '',
    person_hours @text NOT NULL DEFAULT '',
    ways_to_pay @text NOT NULL DEFAULT '',      -- free lines, one way each: bank, account, holder
    run_minute @int NOT NULL DEFAULT 540,       -- minute of the civil day at which the daily job runs (09:00)
    events @int NOT NULL DEFAULT 0,             -- head of the timeline: last sequence number …
    event_hash @blob NOT NULL,                  -- … and its hash (32 zero bytes before the first)
    last_run_at @stamp,                         -- high-water mark of the clock: a run before it sends nothing
    sending @text NOT NULL DEFAULT 'on' CHECK (sending IN ('on', 'stopped')), -- the kill switch
    created_at @stamp NOT NULL
);

CREATE TABLE strategy (
    id @id PRIMARY KEY,
    company_id @id NOT NULL REFERENCES company (id),
    code @text NOT NULL,                        -- 'recurrente-30'
    name @text NOT NULL,
    version @int NOT NULL,                      -- the one in force
    is_default @bool NOT NULL DEFAULT 0,
    segments @text NOT NULL DEFAULT '',         -- comma list: customers of these segments follow it unless assigned
    watermark @date,                            -- steps scheduled before it are never sent; NULL = not activated, sends nothing
    activated_at @stamp,
    ramp_from @date,                              -- first day of a gradual start; NULL: none
    ramp_days @int NOT NULL DEFAULT 0,            -- each customer begins on one of so many days
    UNIQUE (company_id, code)
);

CREATE TABLE strategy_version (
    strategy_id @id NOT NULL REFERENCES strategy (id),
    version @int NOT NULL,
    source @text NOT NULL,                      -- the YAML as given
    created_at @stamp NOT NULL,
    actor @text NOT NULL,
    PRIMARY KEY (strategy_id, version)
);

CREATE TABLE customer (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    code @text NOT NULL,
    name @text NOT NULL,
    name_folded @text NOT NULL,                 -- lower case without accents, for searching
    kind @text NOT NULL DEFAULT 'company' CHECK (kind IN ('company', 'person')),
    tax_id @text NOT NULL DEFAULT '',
    country @text NOT NULL DEFAULT '',          -- empty: the company's
    region @text NOT NULL DEFAULT '',
    language @text NOT NULL DEFAULT '',
    zone @text NOT NULL DEFAULT '',             -- empty: unknown, every zone of the country must agree
    segment @text NOT NULL DEFAULT '',
    sector @text NOT NULL DEFAULT '',
    profile @text NOT NULL DEFAULT '',          -- new | strategic | risky | '' : shades tone and template
    currency @text NOT NULL DEFAULT '',
    credit_limit @money,
    payment_terms @text NOT NULL DEFAULT '',
    collector @text NOT NULL DEFAULT '',        -- codes as the books have them; membership.code says whose they are
    seller @text NOT NULL DEFAULT '',
    strategy_id @id REFERENCES strategy (id),   -- assigned by hand; NULL: by segment, else the default
    custom @json NOT NULL DEFAULT '{}',         -- unknown columns of imports
    created_at @stamp NOT NULL,
    updated_at @stamp NOT NULL,
    UNIQUE (company_id, code)
);

-- Page by page through a company's customers.
CREATE UNIQUE INDEX customer_page ON customer (company_id, id);
-- Whose customers they are.
CREATE INDEX customer_collector ON customer (company_id, collector) WHERE collector <> '';
CREATE INDEX customer_seller ON customer (company_id, seller) WHERE seller <> '';

CREATE TABLE contact (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL REFERENCES customer (id),
    name @text NOT NULL DEFAULT '',
    role @text NOT NULL DEFAULT 'payables',     -- payables | owner | legal | seller | other
    email @text NOT NULL DEFAULT '',
    phone @text NOT NULL DEFAULT '',
    whatsapp @text NOT NULL DEFAULT '',
    language @text NOT NULL DEFAULT '',
    email_state @text NOT NULL DEFAULT 'ok' CHECK (email_state @one_of ('ok', 'bounced')),
    phone_state @text NOT NULL DEFAULT 'ok' CHECK (phone_state @one_of ('ok', 'bounced')),
    whatsapp_state @text NOT NULL DEFAULT 'ok' CHECK (whatsapp_state @one_of ('ok', 'bounced')),
    opt_outs @text NOT NULL DEFAULT '',         -- comma list of channels this person asked not to be contacted by
    consents @text NOT NULL DEFAULT '',         -- comma list of channels this person has agreed to expressly
    preferred @text NOT NULL DEFAULT '',        -- channel, empty: none
    hours @text NOT NULL DEFAULT '',            -- '09:00-12:00' in the debtor's zone, empty: any
    position @int NOT NULL DEFAULT 0,           -- the lowest reachable one is written to
    removed_at @stamp                           -- what was sent to it stays explained
);
CREATE INDEX contact_customer ON contact (company_id, customer_id, position);

CREATE TABLE document (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    number @text NOT NULL,
    type @text NOT NULL CHECK (type @one_of ('invoice', 'debit_note', 'credit_note', 'advance')),
    issue_date @date NOT NULL,
    currency @text NOT NULL,
    amount @money NOT NULL CHECK (amount > 0),  -- sum of its instalments
    reference @text NOT NULL DEFAULT '',
    description @text NOT NULL DEFAULT '',
    file @text NOT NULL DEFAULT '',
    applies_to @text NOT NULL DEFAULT '',       -- credit notes: number of the invoice
    custom @json NOT NULL DEFAULT '{}',
    event_seq @int NOT NULL,                    -- the import that booked it
    UNIQUE (company_id, number)
);
CREATE INDEX document_customer ON document (company_id, customer_id);

-- What is owed, chased, promised, disputed and paid. `open` caches Σ entry.amount; verify proves it.
CREATE TABLE instalment (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    document_id @id NOT NULL,
    position @int NOT NULL,                     -- 1, 2, … as the file's column `instalment`
    is_claim @bool NOT NULL,                    -- true: owed to us; false: credit note or advance, owed by us
    issue_date @date NOT NULL,                  -- the document's, kept here for the planner's index
    due_date @date NOT NULL,
    currency @text NOT NULL,
    amount @money NOT NULL CHECK (amount > 0),
    open @money NOT NULL CHECK (open >= 0 AND open <= amount),
    seal @int NOT NULL,                         -- of its and its document's facts (docs/ref/chain.md); the charge covers them
    UNIQUE (document_id, position)
);
-- Everything open, customer by customer: what the planner and totals per customer ask for stands in the index itself.
CREATE INDEX instalment_open ON instalment (company_id, customer_id, due_date, id, open, currency, is_claim, document_id, position, issue_date, amount)
    WHERE open > 0;
-- Ageing of the present reads nothing else. Ids before amounts: an import then appends at the end of each day, not in the midst.
CREATE INDEX instalment_ageing ON instalment (company_id, currency, due_date, id, open) WHERE is_claim = 1 AND open > 0;

CREATE TABLE payment (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL REFERENCES customer (id),
    date @date NOT NULL,
    currency @text NOT NULL,
    amount @money NOT NULL CHECK (amount > 0),
    unapplied @money NOT NULL CHECK (unapplied >= 0 AND unapplied <= amount), -- caches amount − allocations; 0 when reversed
    reference @text NOT NULL DEFAULT '',
    method @text NOT NULL DEFAULT '',
    bank_account @text NOT NULL DEFAULT '',
    invoice_number @text NOT NULL DEFAULT '',   -- as named by the payer
    external_id @text,                          -- of the source: books once
    fingerprint @blob NOT NULL,                 -- SHA-256 of the identifying fields …
    occurrence @int NOT NULL,                   -- … and which of several identical ones it is
    reversed_seq @int,                          -- the event that reversed it …
    reversed_on @date,                          -- … and the civil day of that
    event_seq @int NOT NULL,
    UNIQUE (company_id, fingerprint, occurrence)
);
CREATE UNIQUE INDEX payment_external ON payment (company_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX payment_customer ON payment (company_id, customer_id, date);
CREATE INDEX payment_unapplied ON payment (company_id, customer_id) WHERE unapplied > 0;

-- The ledger: every change of a balance; append-only (triggers refuse UPDATE and DELETE). Σ amount of an instalment = what is open.
-- Neither it nor instalment and document have foreign keys: a million rows are booked at once, by code that makes both ends; verify names any loose one.
CREATE TABLE entry (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    instalment_id @id NOT NULL,
    kind @text NOT NULL CHECK (kind @one_of ('charge', 'payment', 'credit', 'interest', 'write_off', 'settled_before', 'snapshot', 'reversal')),
    amount @money NOT NULL,                     -- signed: + raises what is open, − lowers it
    date @date NOT NULL,                        -- effective civil date
    payment_id @id,                             -- of a payment allocation or its reversal
    other_id @id,                               -- of a credit allocation: the instalment on the other side
    reverses_id @id,
    event_seq @int NOT NULL,                    -- the event that covers it; its hash covers this row
    seal @int NOT NULL                          -- first eight bytes of this row's own hash, to name it when it was changed
);
CREATE INDEX entry_instalment ON entry (instalment_id);
CREATE INDEX entry_event ON entry (company_id, event_seq);
CREATE INDEX entry_payment ON entry (payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX entry_reverses ON entry (reverses_id) WHERE reverses_id IS NOT NULL;

-- The timeline: hash-chained per company, append-only. hash = SHA-256 over a canonical text of the row, the digest of the entries it
-- covers and the previous hash (docs/ref/chain.md).
CREATE TABLE event (
    company_id @id NOT NULL,
    seq @int NOT NULL,
    at @stamp NOT NULL,
    actor @text NOT NULL,
    kind @text NOT NULL,                        -- 'invoice.imported', 'payment.recorded', 'message.sent', …
    customer_id @id,
    subject @text NOT NULL DEFAULT '',          -- code, number or id of the thing
    data @json NOT NULL DEFAULT '{}',
    covered @int NOT NULL DEFAULT 0,            -- how many rows it covers: a payment or its reversal, then ledger entries …
    covered_digest @blob,                       -- … and the SHA-256 of their hashes, NULL without any
    hash @blob NOT NULL,
    PRIMARY KEY (company_id, seq)
);
CREATE INDEX event_customer ON event (company_id, customer_id, seq);

-- Stops reminders about a customer, one of its documents, or everyone of a segment.
CREATE TABLE hold (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id REFERENCES customer (id),   -- NULL: a segment
    document_id @id REFERENCES document (id),   -- NULL: the whole customer
    segment @text NOT NULL DEFAULT '',
    reason @text NOT NULL,
    actor @text NOT NULL,
    since @stamp NOT NULL,
    until_date @date,                           -- last day it holds; NULL: until resumed
    released_at @stamp,
    CHECK ((customer_id IS NULL) = (segment <> ''))
);
CREATE INDEX hold_open ON hold (company_id, customer_id) WHERE released_at IS NULL;
CREATE INDEX hold_segment ON hold (company_id, segment) WHERE segment <> '';

-- What became of a document beyond reminders: service suspended, handed to an agency or to lawyers, account closed.
CREATE TABLE recourse (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    document_id @id NOT NULL REFERENCES document (id),
    kind @text NOT NULL CHECK (kind @one_of ('suspend', 'agency', 'legal', 'close_account')),
    reason @text NOT NULL DEFAULT '',
    actor @text NOT NULL,
    since @stamp NOT NULL,
    ended_at @stamp
);
-- One at a time.
CREATE UNIQUE INDEX recourse_now ON recourse (company_id, customer_id, document_id) WHERE ended_at IS NULL;

-- Whom each hold reaches. What others collect is on hold for us.
CREATE VIEW hold_reach AS
SELECT id, company_id, customer_id, document_id, reason, since, until_date, released_at FROM hold WHERE customer_id IS NOT NULL
UNION ALL
SELECT h.id, h.company_id, c.id, h.document_id, h.reason, h.since, h.until_date, h.released_at
FROM hold h JOIN customer c ON c.company_id = h.company_id AND c.segment = h.segment WHERE h.segment <> ''
UNION ALL
SELECT id, company_id, customer_id, document_id, kind, since, NULL, ended_at FROM recourse WHERE kind IN ('agency', 'legal');

CREATE TABLE promise (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL REFERENCES customer (id),
    currency @text NOT NULL,
    amount @money NOT NULL CHECK (amount > 0),
    paid_before @money NOT NULL DEFAULT 0,      -- paid by the customer in this currency when it was made: what comes later counts
    date @date NOT NULL,                        -- promised for
    source @text NOT NULL DEFAULT '',
    actor @text NOT NULL,
    made_at @stamp NOT NULL,
    cancelled_at @stamp,
    settled_at @stamp,                          -- when the ledger decided …
    outcome @text CHECK (outcome @one_of ('kept', 'partly', 'broken'))
);
CREATE INDEX promise_open ON promise (company_id, customer_id);

CREATE TABLE promise_item (
    promise_id @id NOT NULL REFERENCES promise (id),
    instalment_id @id NOT NULL REFERENCES instalment (id),
    open_then @money NOT NULL,
    PRIMARY KEY (promise_id, instalment_id)
);

CREATE TABLE dispute (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    document_id @id NOT NULL REFERENCES document (id),
    reason @text NOT NULL,
    actor @text NOT NULL,
    opened_at @stamp NOT NULL,
    closed_at @stamp,
    outcome @text CHECK (outcome IN ('accepted', 'rejected'))
);
CREATE INDEX dispute_customer ON dispute (company_id, customer_id);

-- One planned thing for one customer: a message, a task or a change of state. The outbox is its messages.
CREATE TABLE action (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    ladder @text NOT NULL CHECK (ladder @one_of ('message', 'task', 'state')),
    strategy_id @id NOT NULL,
    strategy_version @int NOT NULL,
    step @text NOT NULL,                        -- the highest step it performs
    status @text NOT NULL CHECK (status @one_of ('planned', 'open', 'approval', 'deferred', 'handing', 'sent', 'ambiguous', 'failed', 'refused',
                                            'cancelled', 'settled', 'done')), -- open, done: tasks and states; the commonest first, as they are compared one by one
    reason @text NOT NULL DEFAULT '',           -- code of why it is deferred, failed, refused …
    reason_data @json NOT NULL DEFAULT '{}',
    planned_date @date NOT NULL,                -- civil day of the company
    not_before @stamp,                          -- deferred until
    tone @text NOT NULL DEFAULT '',             -- friendly | concern | firm
    template @text NOT NULL DEFAULT '',         -- kind, 'claim'
    variant @text NOT NULL DEFAULT '',          -- which wording
    language @text NOT NULL DEFAULT '',
    channel @text NOT NULL DEFAULT '',
    contact_id @id,
    address @text NOT NULL DEFAULT '',
    currency @text NOT NULL DEFAULT '',         -- of the leading items; total in it
    total @money NOT NULL DEFAULT 0,
    confirmed_step @text NOT NULL DEFAULT '',   -- the step a person approved; another step asks again
    resend @bool NOT NULL DEFAULT 0,            -- a person chose to hand the kept bytes over once more (ambiguous before)
    fence @int NOT NULL DEFAULT 0,              -- raised by every claim; only the newest may go on
    claimed_by @text NOT NULL DEFAULT '',       -- machine, process and start of the claimer
    lease_until @stamp,
    attempts @int NOT NULL DEFAULT 0,
    first_attempt_at @stamp,
    message_id @text NOT NULL DEFAULT '',       -- RFC 5322, without <>
    thread_id @text NOT NULL DEFAULT '',
    body_hash @blob,                            -- SHA-256 of the final bytes, set at T
    handed_at @stamp,                           -- T
    finished_at @stamp,
    reply @text NOT NULL DEFAULT '',            -- the channel's last words
    created_at @stamp NOT NULL
);
CREATE INDEX action_customer ON action (company_id, customer_id, handed_at) WHERE handed_at IS NOT NULL;
-- What is not finished, for claiming and for planning anew; open tasks, the most by far, are in neither. Queries use them by saying
-- the same words.
CREATE INDEX action_unfinished ON action (company_id, id) WHERE finished_at IS NULL AND ladder = 'message';
CREATE INDEX action_pending ON action (company_id, customer_id) WHERE finished_at IS NULL AND status <> 'open';
-- Ended without leaving: cancelled, refused, failed, done.
CREATE INDEX action_ended ON action (company_id, customer_id) WHERE finished_at IS NOT NULL AND handed_at IS NULL;

-- The final bytes of a message, kept as evidence; apart from action, so that scans stay small. Without a foreign key, which would
-- lock the action's row once more at every hand-over; verify names any loose one.
CREATE TABLE message_body (
    action_id @id PRIMARY KEY,
    company_id @id NOT NULL,
    bytes @blob NOT NULL                        -- deflated RFC 5322 text as handed over
) @inline;

-- (instalment, step) pairs an action covers. `live` pairs are unique: I1. A pair of an action that ended without being handed over is
-- no longer live and may be planned again.
CREATE TABLE action_item (
    action_id @id NOT NULL,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    instalment_id @id NOT NULL,
    step @text NOT NULL,                        -- '' : listed only, no step of its own; those are written at T
    occurrence @int NOT NULL DEFAULT 0,
    skipped @text NOT NULL DEFAULT '',          -- lower steps it swallowed, comma list
    open_then @money NOT NULL DEFAULT 0,        -- amount stated, as of T once handed
    live @bool NOT NULL DEFAULT 1,
    PRIMARY KEY (action_id, instalment_id)
) @clustered;
-- I1. The customer follows from the instalment; it leads so that planning, which goes customer by customer, writes and reads in order.
CREATE UNIQUE INDEX action_item_once ON action_item (company_id, customer_id, instalment_id, step, occurrence)
    WHERE live = 1 AND step <> '';

-- Contacts made outside aldia (a call, a mail by hand): they count towards the caps.
CREATE TABLE manual_contact (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL REFERENCES customer (id),
    channel @text NOT NULL,
    at @stamp NOT NULL,
    conversation @bool NOT NULL DEFAULT 0,
    actor @text NOT NULL
);
CREATE INDEX manual_contact_customer ON manual_contact (company_id, customer_id, at);

-- Saved column mappings of imports.
CREATE TABLE import_mapping (
    company_id @id NOT NULL,
    name @text NOT NULL,
    kind @text NOT NULL,
    options @text NOT NULL,                     -- lines "NAME VALUE": decimal, dates, encoding, delimiter, sheet, custom, map
    PRIMARY KEY (company_id, name, kind)
);

-- Freshness: when each kind of data last came in.
CREATE TABLE data_source (
    company_id @id NOT NULL,
    kind @text NOT NULL,                        -- 'customers', 'invoices', 'payments', 'bank'
    last_at @stamp NOT NULL,
    PRIMARY KEY (company_id, kind)
);

-- One row per round; with its counts.
CREATE TABLE run (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    started_at @stamp NOT NULL,
    civil_date @date NOT NULL,
    finished_at @stamp,
    sent @int NOT NULL DEFAULT 0,
    counts @json NOT NULL DEFAULT '{}'
);
CREATE INDEX run_company ON run (company_id, started_at);

-- Who this installation is; compared with the file beside the data (docs/internals/instance.md).
CREATE TABLE instance (
    id @int PRIMARY KEY CHECK (id = 1),
    uuid @text NOT NULL,
    confirmed_at @stamp,
    journal_seq @int NOT NULL DEFAULT 0         -- last sequence of the hand-off journal
);

-- What the hand-off journal of a restored installation says was handed over after the backup. Named by document, not by id: the documents
-- themselves may come back by import only later.
CREATE TABLE restored_step (
    company_id @id NOT NULL,
    number @text NOT NULL,
    position @int NOT NULL,
    step @text NOT NULL,
    occurrence @int NOT NULL,
    date @date NOT NULL,
    PRIMARY KEY (company_id, number, position, step, occurrence)
);

-- Scratch of a snapshot import: which instalments the file mentioned. Emptied in the same transaction.
CREATE TABLE snapshot_seen (
    instalment_id @id PRIMARY KEY
);

-- Triggers that refuse UPDATE and DELETE.
@append_only entry;
@append_only event;
