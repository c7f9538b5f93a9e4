-- The schema on SQLite, as all migrations leave it. Written by `ALDIA_ACCEPT=1 build-test/aldia-unit schema`.

-- What was applied to this database; migrate.c reads it before anything else.
CREATE TABLE schema_migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,        -- the file's, without folder
    sha256 BLOB NOT NULL,      -- of the file as applied: a file that changed since is refused
    applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE company (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,                 -- what --company takes
    name TEXT NOT NULL,
    country TEXT NOT NULL,                     -- ISO 3166 alpha-2
    currency TEXT NOT NULL,                    -- ISO 4217, the default of imports and reports
    zone TEXT NOT NULL,                        -- IANA
    language TEXT NOT NULL DEFAULT 'es',
    tax_id TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    person_name TEXT NOT NULL DEFAULT '',      -- whom debtors may ask
    person_phone TEXT NOT NULL DEFAULT '',
    person_email TEXT NOT NULL DEFAULT '',
    person_hours TEXT NOT NULL DEFAULT '',
    ways_to_pay TEXT NOT NULL DEFAULT '',      -- free lines, one way each: bank, account, holder
    run_minute INTEGER NOT NULL DEFAULT 540,       -- minute of the civil day at which the daily job runs (09:00)
    events INTEGER NOT NULL DEFAULT 0,             -- head of the timeline: last sequence number …
    event_hash BLOB NOT NULL,                  -- … and its hash (32 zero bytes before the first)
    last_run_at INTEGER,                         -- high-water mark of the clock: a run before it sends nothing
    sending TEXT NOT NULL DEFAULT 'on' CHECK (sending IN ('on', 'stopped')), -- the kill switch
    created_at INTEGER NOT NULL
, volume INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE strategy (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    code TEXT NOT NULL,                        -- 'recurrente-30'
    name TEXT NOT NULL,
    version INTEGER NOT NULL,                      -- the one in force
    is_default INTEGER NOT NULL DEFAULT 0,
    segments TEXT NOT NULL DEFAULT '',         -- comma list: customers of these segments follow it unless assigned
    watermark INTEGER,                            -- steps scheduled before it are never sent; NULL = not activated, sends nothing
    activated_at INTEGER,
    ramp_from INTEGER,                              -- first day of a gradual start; NULL: none
    ramp_days INTEGER NOT NULL DEFAULT 0, archived_at INTEGER,            -- each customer begins on one of so many days
    UNIQUE (company_id, code)
) STRICT;

CREATE TABLE strategy_version (
    strategy_id INTEGER NOT NULL REFERENCES strategy (id),
    version INTEGER NOT NULL,
    source TEXT NOT NULL,                      -- the YAML as given
    created_at INTEGER NOT NULL,
    actor TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (strategy_id, version)
) STRICT;

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,                 -- lower case without accents, for searching
    kind TEXT NOT NULL DEFAULT 'company' CHECK (kind IN ('company', 'person')),
    tax_id TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT '',          -- empty: the company's
    region TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    zone TEXT NOT NULL DEFAULT '',             -- empty: unknown, every zone of the country must agree
    segment TEXT NOT NULL DEFAULT '',
    sector TEXT NOT NULL DEFAULT '',
    profile TEXT NOT NULL DEFAULT '',          -- new | strategic | risky | '' : shades tone and template
    currency TEXT NOT NULL DEFAULT '',
    credit_limit INTEGER,
    payment_terms TEXT NOT NULL DEFAULT '',
    collector TEXT NOT NULL DEFAULT '',        -- codes as the books have them; membership.code says whose they are
    seller TEXT NOT NULL DEFAULT '',
    strategy_id INTEGER REFERENCES strategy (id),   -- assigned by hand; NULL: by segment, else the default
    custom TEXT NOT NULL DEFAULT '{}',         -- unknown columns of imports
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (company_id, code)
) STRICT;
-- Page by page through a company's customers.
CREATE UNIQUE INDEX customer_page ON customer (company_id, id);
-- Customers by name.
CREATE INDEX customer_name ON customer (company_id, name_folded, id);
-- Which segments there are.
CREATE INDEX customer_segment ON customer (company_id, segment);
-- Whose customers they are.
CREATE INDEX customer_collector ON customer (company_id, collector, name_folded, id, segment) WHERE collector <> '';
CREATE INDEX customer_seller ON customer (company_id, seller, name_folded, id, segment) WHERE seller <> '';

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT 'payables',     -- payables | owner | legal | seller | other
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    whatsapp TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    email_state TEXT NOT NULL DEFAULT 'ok' CHECK (email_state IN ('ok') OR email_state IN ('bounced')),
    phone_state TEXT NOT NULL DEFAULT 'ok' CHECK (phone_state IN ('ok') OR phone_state IN ('bounced')),
    whatsapp_state TEXT NOT NULL DEFAULT 'ok' CHECK (whatsapp_state IN ('ok') OR whatsapp_state IN ('bounced')),
    opt_outs TEXT NOT NULL DEFAULT '',         -- comma list of channels this person asked not to be contacted by
    consents TEXT NOT NULL DEFAULT '',         -- comma list of channels this person has agreed to expressly
    preferred TEXT NOT NULL DEFAULT '',        -- channel, empty: none
    hours TEXT NOT NULL DEFAULT '',            -- '09:00-12:00' in the debtor's zone, empty: any
    position INTEGER NOT NULL DEFAULT 0,           -- the lowest reachable one is written to
    removed_at INTEGER                           -- what was sent to it stays explained
) STRICT;
CREATE INDEX contact_customer ON contact (company_id, customer_id, position);
-- Addresses that do not work.
CREATE INDEX contact_bounced ON contact (company_id, customer_id) WHERE email_state = 'bounced';

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('invoice') OR type IN ('debit_note') OR type IN ('credit_note') OR type IN ('advance')),
    issue_date INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),  -- sum of its instalments
    reference TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    file TEXT NOT NULL DEFAULT '',
    applies_to TEXT NOT NULL DEFAULT '',       -- credit notes: number of the invoice
    custom TEXT NOT NULL DEFAULT '{}',
    event_seq INTEGER NOT NULL,                    -- the import that booked it
    UNIQUE (company_id, number)
) STRICT;
CREATE INDEX document_customer ON document (company_id, customer_id);

-- What is owed, chased, promised, disputed and paid. `open` caches Σ entry.amount; verify proves it.
CREATE TABLE instalment (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    position INTEGER NOT NULL,                     -- 1, 2, … as the file's column `instalment`
    is_claim INTEGER NOT NULL,                    -- true: owed to us; false: credit note or advance, owed by us
    issue_date INTEGER NOT NULL,                  -- the document's, kept here for the planner's index
    due_date INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    open INTEGER NOT NULL CHECK (open >= 0 AND open <= amount),
    seal INTEGER NOT NULL,                         -- of its and its document's facts (docs/ref/chain.md); the charge covers them
    UNIQUE (document_id, position)
) STRICT;
-- Everything open, customer by customer: what the planner and totals per customer ask for stands in the index itself.
CREATE INDEX instalment_open ON instalment (company_id, customer_id, due_date, id, open, currency, is_claim, document_id, position, issue_date, amount)
    WHERE open > 0;
-- Ageing of the present reads nothing else. Ids before amounts: an import then appends at the end of each day, not in the midst.
CREATE INDEX instalment_ageing ON instalment (company_id, currency, due_date, id, open) WHERE is_claim = 1 AND open > 0;

CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    date INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    unapplied INTEGER NOT NULL CHECK (unapplied >= 0 AND unapplied <= amount), -- caches amount − allocations; 0 when reversed
    reference TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL DEFAULT '',
    bank_account TEXT NOT NULL DEFAULT '',
    invoice_number TEXT NOT NULL DEFAULT '',   -- as named by the payer
    external_id TEXT,                          -- of the source: books once
    fingerprint BLOB NOT NULL,                 -- SHA-256 of the identifying fields …
    occurrence INTEGER NOT NULL,                   -- … and which of several identical ones it is
    reversed_seq INTEGER,                          -- the event that reversed it …
    reversed_on INTEGER,                          -- … and the civil day of that
    event_seq INTEGER NOT NULL,
    UNIQUE (company_id, fingerprint, occurrence)
) STRICT;
CREATE UNIQUE INDEX payment_external ON payment (company_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX payment_customer ON payment (company_id, customer_id, date);
CREATE INDEX payment_unapplied ON payment (company_id, customer_id) WHERE unapplied > 0;
-- What came in, by day.
CREATE INDEX payment_day ON payment (company_id, currency, date, amount) WHERE reversed_seq IS NULL;
-- Payments taken back, by when that was.
CREATE INDEX payment_reversed ON payment (company_id, reversed_seq) WHERE reversed_seq IS NOT NULL;

-- The ledger: every change of a balance; append-only (triggers refuse UPDATE and DELETE). Σ amount of an instalment = what is open.
-- Neither it nor instalment and document have foreign keys: a million rows are booked at once, by code that makes both ends; verify names any loose one.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    instalment_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('charge') OR kind IN ('payment') OR kind IN ('credit') OR kind IN ('interest') OR kind IN ('write_off') OR kind IN ('settled_before') OR kind IN ('snapshot') OR kind IN ('reversal')),
    amount INTEGER NOT NULL,                     -- signed: + raises what is open, − lowers it
    date INTEGER NOT NULL,                        -- effective civil date
    payment_id INTEGER,                             -- of a payment allocation or its reversal
    other_id INTEGER,                               -- of a credit allocation: the instalment on the other side
    reverses_id INTEGER,
    event_seq INTEGER NOT NULL,                    -- the event that covers it; its hash covers this row
    seal INTEGER NOT NULL                          -- first eight bytes of this row's own hash, to name it when it was changed
) STRICT;
CREATE INDEX entry_instalment ON entry (instalment_id);
CREATE INDEX entry_payment ON entry (payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX entry_reverses ON entry (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END;
CREATE INDEX entry_event ON entry (company_id, event_seq, id);

-- The timeline: hash-chained per company, append-only. hash = SHA-256 over a canonical text of the row, the digest of the entries it
-- covers and the previous hash (docs/ref/chain.md).
CREATE TABLE event (
    company_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,                        -- 'invoice.imported', 'payment.recorded', 'message.sent', …
    customer_id INTEGER,
    subject TEXT NOT NULL DEFAULT '',          -- code, number or id of the thing
    data TEXT NOT NULL DEFAULT '{}',
    covered INTEGER NOT NULL DEFAULT 0,            -- how many rows it covers: a payment or its reversal, then ledger entries …
    covered_digest BLOB,                       -- … and the SHA-256 of their hashes, NULL without any
    hash BLOB NOT NULL,
    PRIMARY KEY (company_id, seq)
) STRICT;
CREATE INDEX event_customer ON event (company_id, customer_id, seq);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

-- Stops reminders about a customer, one of its documents, or everyone of a segment.
CREATE TABLE hold (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER REFERENCES customer (id),   -- NULL: a segment
    document_id INTEGER REFERENCES document (id),   -- NULL: the whole customer
    segment TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    since INTEGER NOT NULL,
    until_date INTEGER,                           -- last day it holds; NULL: until resumed
    released_at INTEGER,
    CHECK ((customer_id IS NULL) = (segment <> ''))
) STRICT;
CREATE INDEX hold_open ON hold (company_id, customer_id) WHERE released_at IS NULL;
CREATE INDEX hold_segment ON hold (company_id, segment) WHERE segment <> '';

-- What became of a document beyond reminders: service suspended, handed to an agency or to lawyers, account closed.
CREATE TABLE recourse (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document (id),
    kind TEXT NOT NULL CHECK (kind IN ('suspend') OR kind IN ('agency') OR kind IN ('legal') OR kind IN ('close_account')),
    reason TEXT NOT NULL DEFAULT '',
    actor TEXT NOT NULL,
    since INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX recourse_now ON recourse (company_id, customer_id, document_id) WHERE ended_at IS NULL;

CREATE TABLE promise (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    paid_before INTEGER NOT NULL DEFAULT 0,      -- paid by the customer in this currency when it was made: what comes later counts
    date INTEGER NOT NULL,                        -- promised for
    source TEXT NOT NULL DEFAULT '',
    actor TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    settled_at INTEGER,                          -- when the ledger decided …
    outcome TEXT CHECK (outcome IN ('kept') OR outcome IN ('partly') OR outcome IN ('broken'))
) STRICT;
CREATE INDEX promise_open ON promise (company_id, customer_id);
CREATE INDEX promise_due ON promise (company_id, date) WHERE settled_at IS NULL AND cancelled_at IS NULL;

CREATE TABLE promise_item (
    promise_id INTEGER NOT NULL REFERENCES promise (id),
    instalment_id INTEGER NOT NULL REFERENCES instalment (id),
    open_then INTEGER NOT NULL,
    PRIMARY KEY (promise_id, instalment_id)
) STRICT;

CREATE TABLE dispute (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document (id),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    outcome TEXT CHECK (outcome IN ('accepted', 'rejected'))
) STRICT;
CREATE INDEX dispute_customer ON dispute (company_id, customer_id);
-- Disputes and promises that wait.
CREATE INDEX dispute_open ON dispute (company_id, id) WHERE closed_at IS NULL;

-- One planned thing for one customer: a message, a task or a change of state. The outbox is its messages.
CREATE TABLE action (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    ladder TEXT NOT NULL CHECK (ladder IN ('message') OR ladder IN ('task') OR ladder IN ('state')),
    strategy_id INTEGER NOT NULL,
    strategy_version INTEGER NOT NULL,
    step TEXT NOT NULL,                        -- the highest step it performs
    status TEXT NOT NULL CHECK (status IN ('planned') OR status IN ('open') OR status IN ('approval') OR status IN ('deferred') OR status IN ('handing') OR status IN ('sent') OR status IN ('ambiguous') OR status IN ('failed') OR status IN ('refused') OR status IN ('cancelled') OR status IN ('settled') OR status IN ('done')), -- open, done: tasks and states; the commonest first, as they are compared one by one
    reason TEXT NOT NULL DEFAULT '',           -- code of why it is deferred, failed, refused …
    reason_data TEXT NOT NULL DEFAULT '{}',
    planned_date INTEGER NOT NULL,                -- civil day of the company
    not_before INTEGER,                          -- deferred until
    tone TEXT NOT NULL DEFAULT '',             -- friendly | concern | firm
    template TEXT NOT NULL DEFAULT '',         -- kind, 'claim'
    variant TEXT NOT NULL DEFAULT '',          -- which wording
    language TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL DEFAULT '',
    contact_id INTEGER,
    address TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT '',         -- of the leading items; total in it
    total INTEGER NOT NULL DEFAULT 0,
    confirmed_step TEXT NOT NULL DEFAULT '',   -- the step a person approved; another step asks again
    resend INTEGER NOT NULL DEFAULT 0,            -- a person chose to hand the kept bytes over once more (ambiguous before)
    fence INTEGER NOT NULL DEFAULT 0,              -- raised by every claim; only the newest may go on
    claimed_by TEXT NOT NULL DEFAULT '',       -- machine, process and start of the claimer
    lease_until INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    first_attempt_at INTEGER,
    message_id TEXT NOT NULL DEFAULT '',       -- RFC 5322, without <>
    thread_id TEXT NOT NULL DEFAULT '',
    body_hash BLOB,                            -- SHA-256 of the final bytes, set at T
    handed_at INTEGER,                           -- T
    finished_at INTEGER,
    reply TEXT NOT NULL DEFAULT '',            -- the channel's last words
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX action_customer ON action (company_id, customer_id, handed_at) WHERE handed_at IS NOT NULL;
CREATE INDEX action_pending ON action (company_id, customer_id) WHERE finished_at IS NULL AND status <> 'open';
-- Ended without leaving: cancelled, refused, failed, done.
CREATE INDEX action_ended ON action (company_id, customer_id) WHERE finished_at IS NOT NULL AND handed_at IS NULL;
-- Messages by the id mail programs show.
CREATE INDEX action_message ON action (company_id, message_id) WHERE message_id <> '';
-- What is not finished, for claiming and for planning anew; open tasks, the most by far, are in neither. Queries use them by saying
-- the same words.
CREATE INDEX action_unfinished ON action (company_id, id, status, customer_id) WHERE finished_at IS NULL AND ladder = 'message';
-- Open tasks, the largest sums first: the queue of the day.
CREATE INDEX action_task ON action (company_id, currency, total, id, customer_id) WHERE status = 'open';
-- What waits for a person's approval, or whose fate nobody knows.
CREATE INDEX action_approval ON action (company_id, currency, total, id, customer_id) WHERE status = 'approval';
CREATE INDEX action_ambiguous ON action (company_id, currency, total, id, customer_id) WHERE status = 'ambiguous';

-- The final bytes of a message, kept as evidence; apart from action, so that scans stay small. Without a foreign key, which would
-- lock the action's row once more at every hand-over; verify names any loose one.
CREATE TABLE message_body (
    action_id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    bytes BLOB NOT NULL                        -- deflated RFC 5322 text as handed over
) STRICT ;

-- (instalment, step) pairs an action covers. `live` pairs are unique: I1. A pair of an action that ended without being handed over is
-- no longer live and may be planned again.
CREATE TABLE action_item (
    action_id INTEGER NOT NULL,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    instalment_id INTEGER NOT NULL,
    step TEXT NOT NULL,                        -- '' : listed only, no step of its own; those are written at T
    occurrence INTEGER NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '',          -- lower steps it swallowed, comma list
    open_then INTEGER NOT NULL DEFAULT 0,        -- amount stated, as of T once handed
    live INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (action_id, instalment_id)
) STRICT, WITHOUT ROWID ;
-- I1. The customer follows from the instalment; it leads so that planning, which goes customer by customer, writes and reads in order.
CREATE UNIQUE INDEX action_item_once ON action_item (company_id, customer_id, instalment_id, step, occurrence)
    WHERE live = 1 AND step <> '';

-- Contacts made outside aldia (a call, a mail by hand): they count towards the caps.
CREATE TABLE manual_contact (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    conversation INTEGER NOT NULL DEFAULT 0,
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX manual_contact_customer ON manual_contact (company_id, customer_id, at);

-- Saved column mappings of imports.
CREATE TABLE import_mapping (
    company_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    options TEXT NOT NULL,                     -- lines "NAME VALUE": decimal, dates, encoding, delimiter, sheet, custom, map
    PRIMARY KEY (company_id, name, kind)
) STRICT;

-- Freshness: when each kind of data last came in.
CREATE TABLE data_source (
    company_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                        -- 'customers', 'invoices', 'payments', 'bank'
    last_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, kind)
) STRICT;

-- One row per round; with its counts.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    civil_date INTEGER NOT NULL,
    finished_at INTEGER,
    sent INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX run_company ON run (company_id, started_at);

-- Who this installation is; compared with the file beside the data (docs/internals/instance.md).
CREATE TABLE instance (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid TEXT NOT NULL,
    confirmed_at INTEGER,
    journal_seq INTEGER NOT NULL DEFAULT 0         -- last sequence of the hand-off journal
) STRICT;

-- What the hand-off journal of a restored installation says was handed over after the backup. Named by document, not by id: the documents
-- themselves may come back by import only later.
CREATE TABLE restored_step (
    company_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    position INTEGER NOT NULL,
    step TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    date INTEGER NOT NULL,
    PRIMARY KEY (company_id, number, position, step, occurrence)
) STRICT;

-- Scratch of a snapshot import: which instalments the file mentioned. Emptied in the same transaction.
CREATE TABLE snapshot_seen (
    instalment_id INTEGER PRIMARY KEY
) STRICT;

-- A person of this installation; what they are in each company stands in membership.
CREATE TABLE app_user (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,                -- lower case
    name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',            -- lower case; sign-on by another provider finds the person by it
    language TEXT NOT NULL DEFAULT '',         -- empty: the company's
    theme TEXT NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto') OR theme IN ('light') OR theme IN ('dark')),
    password_hash TEXT NOT NULL,               -- libsodium's argon2id string; empty: no password, signs on elsewhere
    password_at INTEGER,                         -- when it was set; NULL: given by an administrator, to be changed
    totp_secret BLOB,                          -- RFC 6238; NULL: off
    totp_pending BLOB,                         -- shown for enrolment, not proved yet
    totp_step INTEGER NOT NULL DEFAULT 0,          -- of the last code taken: it and earlier ones are refused
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    erased_at INTEGER                            -- the person's data are gone, the row stays for what refers to it
) STRICT;
CREATE UNIQUE INDEX app_user_email ON app_user (email) WHERE email <> '';

CREATE TABLE team (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (company_id, name)
) STRICT;

-- What a person is in a company.
CREATE TABLE membership (
    company_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    role TEXT NOT NULL CHECK (role IN ('admin') OR role IN ('manager') OR role IN ('supervisor') OR role IN ('collector') OR role IN ('seller') OR role IN ('legal') OR role IN ('read-only')),
    scope TEXT NOT NULL CHECK (scope IN ('own') OR scope IN ('team') OR scope IN ('all')),
    team_id INTEGER,
    code TEXT NOT NULL DEFAULT '',             -- the person's code in customer.collector and customer.seller
    since INTEGER NOT NULL,
    PRIMARY KEY (company_id, user_id)
) STRICT;
CREATE INDEX membership_of_user ON membership (user_id);

CREATE TABLE recovery_code (
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    hash BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (user_id, hash)
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    company_id INTEGER NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('code') OR stage IN ('open')), -- code: the second factor is missing
    csrf BLOB NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    agent TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,                 -- however much it is used
    ended_at INTEGER
) STRICT;
CREATE INDEX session_of_user ON session (user_id) WHERE ended_at IS NULL;

-- Programs; "aldia_PREFIX_SECRET" was shown once.
CREATE TABLE api_key (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL,
    capabilities TEXT NOT NULL,                -- "customer.read money.read"
    user_id INTEGER,                                -- who made it; NULL: at the console
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    last_address TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX api_key_company ON api_key (company_id);

-- Failed attempts, by what they have in common: an address, a login, both.
CREATE TABLE throttle (
    subject BLOB PRIMARY KEY,                  -- SHA-256, so that logins typed by mistake are not kept
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT;

-- Addresses a person has signed in from: guesses made elsewhere do not keep them out.
CREATE TABLE known_address (
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    address_hash BLOB NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, address_hash)
) STRICT;

-- Who came in, or tried to.
CREATE TABLE access_log (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,                    -- 0: of none
    at INTEGER NOT NULL,
    what TEXT NOT NULL,                        -- 'sign_in', 'sign_in_refused', 'key_used', 'export' …
    user_id INTEGER,
    key_id INTEGER,
    who TEXT NOT NULL,                         -- login or name of the key; of strangers nothing
    address TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX access_log_company ON access_log (company_id, id);
CREATE INDEX access_log_of_user ON access_log (user_id, id);

-- Who did what: every action that changes something, as the dispatcher ran it.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,                       -- as in the timeline
    user_id INTEGER,
    key_id INTEGER,
    verb TEXT NOT NULL,                        -- 'customer hold'
    object TEXT NOT NULL DEFAULT '',           -- what it was done to, as given
    outcome TEXT NOT NULL                      -- 'OK', 'DENIED'
) STRICT;
CREATE INDEX audit_company ON audit (company_id, id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

-- Calls of actions that need a second person (write-offs, bank data), as one person made them: run when another approves.
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    verb TEXT NOT NULL,                        -- 'invoice write-off'
    object TEXT NOT NULL DEFAULT '',           -- what it would be done to, as given
    arguments TEXT NOT NULL,                   -- {"PARAMETER":["TEXT", …], …}
    customer_id INTEGER,                            -- whose it is, NULL: the company's own
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open') OR status IN ('approved') OR status IN ('rejected') OR status IN ('withdrawn')),
    actor TEXT NOT NULL,
    actor_kind INTEGER NOT NULL,                   -- enum actor_kind, and
    user_id INTEGER NOT NULL,                       -- the person behind it (0: none), so that nobody approves their own
    created_at INTEGER NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at INTEGER,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX proposal_open ON proposal (company_id, id) WHERE status = 'open';

-- A sign-on at another provider that is under way.
CREATE TABLE sign_on (
    state_hash BLOB PRIMARY KEY,
    browser_hash BLOB NOT NULL,                -- of the cookie it began with
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,                    -- PKCE
    created_at INTEGER NOT NULL
) STRICT;

-- One row per version of a text; the newest of a path is in force, unless it is a reset. Nothing is ever lost.
CREATE TABLE message_override (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    path TEXT NOT NULL,                        -- within the library: 'es/claim/firm-a.txt'
    version INTEGER NOT NULL,                      -- 1, 2, … of this path
    is_reset INTEGER NOT NULL DEFAULT 0,          -- back to the shipped text
    text TEXT NOT NULL DEFAULT '',
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (company_id, path, version)
) STRICT;
CREATE TRIGGER message_override_no_update BEFORE UPDATE ON message_override BEGIN SELECT RAISE(ABORT, 'message_override is append-only'); END;
CREATE TRIGGER message_override_no_delete BEFORE DELETE ON message_override BEGIN SELECT RAISE(ABORT, 'message_override is append-only'); END;

-- Mails that ask for nothing: thanks for a payment, the forewarning to a collector. Handed over once per subject, by the same protocol
-- as reminders, but in no count of contacts and no ladder.
CREATE TABLE courtesy_mail (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('thanks') OR kind IN ('forewarning')),
    subject TEXT NOT NULL,                     -- thanks: the payment's id; forewarning: the day it is about, and to whom
    customer_id INTEGER,
    payment_id INTEGER,
    status TEXT NOT NULL CHECK (status IN ('planned') OR status IN ('handing') OR status IN ('sent') OR status IN ('ambiguous') OR status IN ('failed') OR status IN ('refused') OR status IN ('covered')),
    reason TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    variant TEXT NOT NULL DEFAULT '',
    planned_date INTEGER NOT NULL,                -- civil day of the company
    not_before INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    message_id TEXT NOT NULL DEFAULT '',
    body BLOB,                                 -- as handed over
    handed_at INTEGER,
    reply TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, kind, subject)
) STRICT;
CREATE INDEX courtesy_mail_planned ON courtesy_mail (company_id, id) WHERE status = 'planned';
CREATE INDEX courtesy_mail_customer ON courtesy_mail (company_id, customer_id, id);

-- The answer to a call with an Idempotency-Key, written in the transaction of what it did (INV: I12). Kept for a day, then deleted.
CREATE TABLE api_answer (
    company_id INTEGER NOT NULL,
    caller TEXT NOT NULL,                      -- the actor's label: "key:erp"
    once_key TEXT NOT NULL,
    digest BLOB NOT NULL,                      -- SHA-256 of method, path and body
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (company_id, caller, once_key)
) STRICT;
CREATE INDEX api_answer_at ON api_answer (at);

-- Copies of invoices and the like. The bytes are never changed: other bytes are another file.
CREATE TABLE document_file (
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document (id),
    hash BLOB NOT NULL,                        -- SHA-256 of the bytes; in hexadecimal their name in files/
    name TEXT NOT NULL,                        -- as the file was called, without folders
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    attached_at INTEGER NOT NULL,
    PRIMARY KEY (document_id, hash)
) STRICT;
CREATE INDEX document_file_customer ON document_file (company_id, customer_id);

-- Where letters go.
CREATE TABLE postal_address (
    customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
    company_id INTEGER NOT NULL,
    street TEXT NOT NULL,                      -- one or more lines
    postal_code TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT '',          -- empty: the customer's
    state TEXT NOT NULL DEFAULT 'ok' CHECK (state IN ('ok') OR state IN ('returned'))
) STRICT;

-- One PDF of letters, put together once; its pages are the kept bytes of its letters.
CREATE TABLE letter_batch (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    hash BLOB,                                 -- SHA-256 of the PDF; NULL: it was interrupted and never written
    printed INTEGER NOT NULL DEFAULT 0             -- how many times it was written: more than once only when somebody said so
) STRICT;

-- A letter that was handed over to print (its message is action), and what the post did with it.
CREATE TABLE letter (
    action_id INTEGER PRIMARY KEY REFERENCES action (id),
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES letter_batch (id),
    position INTEGER NOT NULL,                     -- in the batch, from 1
    registered_number TEXT NOT NULL DEFAULT '',
    posted_on INTEGER,
    delivered_on INTEGER,
    proof_hash BLOB,                           -- of the receipt's scan in files/
    proof_name TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letter_of_batch ON letter (company_id, batch_id, position);

CREATE TABLE way_to_pay (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    code TEXT NOT NULL,                        -- what people call it: 'norandino'
    position INTEGER NOT NULL,                     -- order of listing
    scheme TEXT NOT NULL,                      -- how the number is checked: iban, clabe, cbu … (core/bank_number.h)
    bank TEXT NOT NULL DEFAULT '',
    number TEXT NOT NULL,                      -- account, key, link or words, as checked
    account_type TEXT NOT NULL DEFAULT '',     -- 'Corriente'
    bic TEXT NOT NULL DEFAULT '',
    holder TEXT NOT NULL DEFAULT '',           -- empty: the company
    holder_tax_id TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',             -- of the receiver, in a PIX code
    note TEXT NOT NULL DEFAULT '',             -- one line for the payer
    country TEXT NOT NULL DEFAULT '',          -- told to customers there; empty: to all
    currency TEXT NOT NULL DEFAULT '',         -- told for debts in it; empty: for all
    actor TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (company_id, code)
) STRICT;

-- One row per customer and currency in which something is owed or unused.
CREATE TABLE standing (
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    open INTEGER NOT NULL,                       -- owed to us
    overdue INTEGER NOT NULL,                    -- of it, due before standing_head.as_of
    oldest_due INTEGER,                           -- of what is owed
    unapplied INTEGER NOT NULL,                  -- money and credit notes not used yet
    not_due INTEGER NOT NULL,                    -- open by lateness: the five sum to it
    days_30 INTEGER NOT NULL,
    days_60 INTEGER NOT NULL,
    days_90 INTEGER NOT NULL,
    older INTEGER NOT NULL,
    items INTEGER NOT NULL, collector TEXT NOT NULL DEFAULT '', seller TEXT NOT NULL DEFAULT '',                        -- instalments owed
    PRIMARY KEY (company_id, customer_id, currency)
) STRICT;
CREATE INDEX standing_overdue ON standing (company_id, currency, overdue, customer_id);
CREATE INDEX standing_open ON standing (company_id, currency, open, customer_id);
CREATE INDEX standing_oldest ON standing (company_id, currency, oldest_due, customer_id) WHERE oldest_due IS NOT NULL;
CREATE INDEX standing_collector ON standing (company_id, currency, collector, overdue, customer_id, open, oldest_due) WHERE collector <> '';
CREATE INDEX standing_seller ON standing (company_id, currency, seller, overdue, customer_id, open, oldest_due) WHERE seller <> '';

-- The same for the whole company.
CREATE TABLE standing_total (
    company_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    open INTEGER NOT NULL,
    overdue INTEGER NOT NULL,
    unapplied INTEGER NOT NULL,
    not_due INTEGER NOT NULL,
    days_30 INTEGER NOT NULL,
    days_60 INTEGER NOT NULL,
    days_90 INTEGER NOT NULL,
    older INTEGER NOT NULL,
    items INTEGER NOT NULL,
    customers INTEGER NOT NULL,
    customers_overdue INTEGER NOT NULL,
    PRIMARY KEY (company_id, currency)
) STRICT;

-- How far they go; no row: nobody has asked for them yet, and nothing keeps them.
CREATE TABLE standing_head (
    company_id INTEGER PRIMARY KEY,
    event_seq INTEGER NOT NULL,                    -- of the newest entry taken in
    payment_id INTEGER NOT NULL,                    -- the newest payment
    as_of INTEGER NOT NULL                        -- lateness is counted to this day
) STRICT;

-- Scratch of a refresh: whose rows are made anew. Emptied in the same transaction.
CREATE TABLE standing_changed (
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (company_id, customer_id)
) STRICT;

-- One address that wants to hear of some kinds of events. What it was told, and how far, is derived from the timeline.
CREATE TABLE webhook (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,                       -- 'payment.* message.sent': kinds, or families of them
    secret BLOB NOT NULL,                      -- signs every delivery; sealed with the installation's key (account/seal.h)
    old_secret BLOB,                           -- the one before, signs too …
    old_until INTEGER,                           -- … until then
    user_id INTEGER,                                -- who made it: it is told what they may see; NULL: the console
    capabilities TEXT NOT NULL,                -- what its maker could do then; never more than they can now
    state TEXT NOT NULL CHECK (state IN ('on') OR state IN ('off') OR state IN ('removed')),
    off_why TEXT NOT NULL DEFAULT '',          -- 'hand', 'failing', 'gone', 'maker' or 'secret'
    off_at INTEGER,
    cursor_seq INTEGER NOT NULL,                   -- events up to here are rows of webhook_delivery …
    cursor_part INTEGER NOT NULL DEFAULT 0,         -- … and of the next one everything up to this ledger entry
    failures INTEGER NOT NULL DEFAULT 0,           -- in a row, of whatever object
    failing_since INTEGER,
    wait_until INTEGER,                          -- nothing is tried before
    delivered_at INTEGER,                        -- the last that arrived
    last_error TEXT NOT NULL DEFAULT '',
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_company ON webhook (company_id, id);

-- What one webhook is to be told of one event, or of one of the invoices an import booked. In the order of (event_seq, part)
-- within a customer; among the open ones of a customer only the first is due, the others are queued behind it.
CREATE TABLE webhook_delivery (
    company_id INTEGER NOT NULL,
    webhook_id INTEGER NOT NULL REFERENCES webhook (id),
    event_seq INTEGER NOT NULL,
    part INTEGER NOT NULL,                          -- 0, the ledger entry of an invoice, or below 0: a test
    kind TEXT NOT NULL,
    customer_id INTEGER NOT NULL,                   -- 0: about the company
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued') OR state IN ('due') OR state IN ('delivered') OR state IN ('failed')),
    next_at INTEGER,                             -- of what is due
    attempts INTEGER NOT NULL DEFAULT 0,
    tried_from INTEGER,                          -- the first attempt
    tried_at INTEGER,                            -- the last one
    status INTEGER NOT NULL DEFAULT 0,             -- HTTP status of its answer; 0: there was none
    answer TEXT NOT NULL DEFAULT '',           -- what went wrong, or how the answer began
    duration_ms INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,                           -- delivered or given up
    PRIMARY KEY (company_id, webhook_id, event_seq, part)
) STRICT;
CREATE INDEX webhook_delivery_due ON webhook_delivery (company_id, webhook_id, next_at, event_seq, part) WHERE state = 'due';
CREATE INDEX webhook_delivery_object ON webhook_delivery (company_id, webhook_id, customer_id, event_seq, part) WHERE closed_at IS NULL;
CREATE INDEX webhook_delivery_failed ON webhook_delivery (company_id, webhook_id, event_seq, part) WHERE state = 'failed';
CREATE INDEX webhook_delivery_closed ON webhook_delivery (company_id, closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE contact_choice (
    company_id INTEGER PRIMARY KEY REFERENCES company (id),
    profile TEXT NOT NULL DEFAULT '' CHECK (profile IN ('') OR profile IN ('house') OR profile IN ('hours') OR profile IN ('none')), -- empty: as aldia.conf says
    region TEXT NOT NULL DEFAULT '',           -- of the company's country, as calendars/CC.yaml names it: 'MD'
    keeps_holidays INTEGER NOT NULL DEFAULT 0,    -- on public holidays of the company's own place nothing is sent, wherever the debtor is
    actor TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- Days of the company's own on which nothing is sent.
CREATE TABLE closed_day (
    company_id INTEGER NOT NULL REFERENCES company (id),
    date INTEGER NOT NULL,
    every_year INTEGER NOT NULL DEFAULT 0,        -- the same day and month from then on
    name TEXT NOT NULL DEFAULT '',
    actor TEXT NOT NULL,
    PRIMARY KEY (company_id, date)
) STRICT;

-- The draft of a strategy, until it is applied or discarded. One each; people share it.
CREATE TABLE strategy_draft (
    company_id INTEGER NOT NULL REFERENCES company (id),
    strategy_id INTEGER NOT NULL REFERENCES strategy (id),
    base_version INTEGER NOT NULL,                 -- what it was begun from
    source TEXT NOT NULL,                      -- YAML; what is wrong with it may be mended later
    actor TEXT NOT NULL,                       -- who changed it last
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, strategy_id)
) STRICT;

-- One row for each word of a text people search for, folded (small letters without accents). It follows from the rows it names, is written
-- in their transaction (portfolio/finding.h) and can be made anew from them. `kind` comes before the word, so that each group of results
-- is one range; nothing is said about what the text is, so that a hit is always read from the row itself.
CREATE TABLE search_word (
    company_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,                         -- enum find_kind
    word TEXT NOT NULL,
    id INTEGER NOT NULL,                            -- of the row the kind names
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (company_id, kind, word, id)
) STRICT, WITHOUT ROWID ;

-- For which companies the words of everything older have been written; no row: not yet.
CREATE TABLE search_head (
    company_id INTEGER PRIMARY KEY,
    made_at INTEGER NOT NULL
) STRICT;

-- Every file that was brought to be booked, with what became of it.
CREATE TABLE import_log (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                        -- 'customers', 'invoices', 'payments'
    file TEXT NOT NULL,                        -- as it was called
    upload TEXT NOT NULL DEFAULT '',           -- what it is called among the uploads; empty from the command line
    state TEXT NOT NULL CHECK (state IN ('booked') OR state IN ('partly') OR state IN ('refused')),
    rows INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    duplicate INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',           -- the first complaint
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    closed_at INTEGER                            -- of one with complaints: nobody needs to look at it any more
) STRICT;
CREATE INDEX import_log_company ON import_log (company_id, id);
CREATE INDEX import_log_open ON import_log (company_id, id) WHERE closed_at IS NULL AND state <> 'booked';

-- Lists as people look at them: the query of the page under a name, one's own or everybody's.
CREATE TABLE saved_filter (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,                       -- whose it is
    list TEXT NOT NULL,                        -- 'portfolio'
    name TEXT NOT NULL,
    query TEXT NOT NULL,                       -- "state=overdue&segment=key"
    is_shared INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, user_id, list, name)
) STRICT;

-- Which of them a person begins with.
CREATE TABLE saved_filter_default (
    company_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    list TEXT NOT NULL,
    filter_id INTEGER NOT NULL REFERENCES saved_filter (id),
    PRIMARY KEY (company_id, user_id, list)
) STRICT;

-- Days at whose last round what was open was measured.
CREATE TABLE figure_day (
    company_id INTEGER NOT NULL,
    date INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, date)
) STRICT, WITHOUT ROWID ;

-- Open at that round. `collector` '': of the whole company; else of that collector's customers then. No row on a measured day: nothing.
CREATE TABLE figure_open (
    company_id INTEGER NOT NULL,
    collector TEXT NOT NULL,
    currency TEXT NOT NULL,
    date INTEGER NOT NULL,
    not_due INTEGER NOT NULL,                    -- open by lateness, as in standing
    days_30 INTEGER NOT NULL,
    days_60 INTEGER NOT NULL,
    days_90 INTEGER NOT NULL,
    older INTEGER NOT NULL,
    items INTEGER NOT NULL,                        -- instalments owed
    customers INTEGER NOT NULL,                    -- who owe
    customers_overdue INTEGER NOT NULL,
    PRIMARY KEY (company_id, collector, currency, date)
) STRICT, WITHOUT ROWID ;
CREATE INDEX figure_open_day ON figure_open (company_id, date);

-- Done on a civil day of the company, counted from events, payments and calls as they came in. The collector is the customer's when it was counted.
CREATE TABLE figure_flow (
    company_id INTEGER NOT NULL,
    collector TEXT NOT NULL,                   -- '' as above
    date INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('collected') OR kind IN ('message') OR kind IN ('call') OR kind IN ('task') OR kind IN ('promise_made') OR kind IN ('promise_kept') OR kind IN ('promise_partly') OR kind IN ('promise_broken') OR kind IN ('dispute_opened') OR kind IN ('dispute_closed')),
    channel TEXT NOT NULL,                     -- of messages, else ''
    currency TEXT NOT NULL,                    -- of collected and promises, else ''
    count INTEGER NOT NULL,
    amount INTEGER NOT NULL,                     -- 0 without a currency
    PRIMARY KEY (company_id, collector, date, kind, channel, currency)
) STRICT, WITHOUT ROWID ;

-- How far figure_flow goes: what lies beyond is added by the next round, each thing once.
CREATE TABLE figure_head (
    company_id INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,                       -- the first day of the timeline: from here on a day without a row had none
    event_seq INTEGER NOT NULL,
    payment_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL
) STRICT;

CREATE TABLE "refund" (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    payment_id INTEGER REFERENCES payment (id),     -- in whose currency it is
    document_id INTEGER REFERENCES document (id),   -- the same of a credit note or an advance
    date INTEGER NOT NULL,                        -- civil day on which it was paid back
    amount INTEGER NOT NULL CHECK (amount > 0),
    reference TEXT NOT NULL DEFAULT '',        -- of the transfer
    method TEXT NOT NULL DEFAULT '',
    external_id TEXT,                          -- of the source: books once
    event_seq INTEGER NOT NULL,                    -- the event that covers it; its hash covers this row
    CHECK ((payment_id IS NULL) <> (document_id IS NULL))
) STRICT;
CREATE INDEX refund_payment ON refund (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX refund_document ON refund (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX refund_event ON refund (company_id, event_seq);
CREATE UNIQUE INDEX refund_external ON refund (company_id, external_id) WHERE external_id IS NOT NULL;
CREATE TRIGGER refund_no_update BEFORE UPDATE ON refund BEGIN SELECT RAISE(ABORT, 'refund is append-only'); END;
CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund BEGIN SELECT RAISE(ABORT, 'refund is append-only'); END;

CREATE TABLE company_sender (
    company_id INTEGER PRIMARY KEY REFERENCES company (id),
    name TEXT NOT NULL DEFAULT '',       -- shown before the address; empty: the company's own name, where aldia.conf has none for it
    address TEXT NOT NULL DEFAULT '',    -- From, and the envelope's sender
    reply_to TEXT NOT NULL DEFAULT '',
    logo_type TEXT NOT NULL DEFAULT '' CHECK (logo_type IN ('') OR logo_type IN ('image/png') OR logo_type IN ('image/jpeg')),
    logo BLOB,                           -- as it was uploaded, decoded once before it was kept; at most 512 kB
    changed_at INTEGER NOT NULL,
    CHECK ((logo IS NULL) = (logo_type = ''))
) STRICT;

-- Changes to many customers that a server works through set by set: what was asked and with whose rights, how far it is, what became of whom.
CREATE TABLE bulk_change (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    user_id INTEGER NOT NULL, -- with whose rights; 0: the console's
    actor TEXT NOT NULL,
    arguments TEXT NOT NULL,
    customers INTEGER NOT NULL, -- chosen when it was asked for
    last_customer_id INTEGER NOT NULL DEFAULT 0, -- customers up to this one are done, in the order of their ids
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'working' CHECK (state IN ('working') OR state IN ('done') OR state IN ('cancelled') OR state IN ('failed')),
    message TEXT NOT NULL DEFAULT '',
    begun_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX bulk_change_working ON bulk_change (id) WHERE state = 'working';
CREATE INDEX bulk_change_own ON bulk_change (company_id, user_id, id);

-- The first few of each outcome; every change itself stands on the timeline.
CREATE TABLE bulk_told (
    change_id INTEGER NOT NULL REFERENCES bulk_change (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (change_id, customer_id)
) STRICT;
