-- Webhooks: programs of others that are told what happens.

-- One address that wants to hear of some kinds of events. What it was told, and how far, is derived from the timeline.
CREATE TABLE webhook (
    id @id PRIMARY KEY,
    company_id @id NOT NULL REFERENCES company (id),
    name @text NOT NULL,
    url @text NOT NULL,
    kinds @text NOT NULL,                       -- 'payment.* message.sent': kinds, or families of them
    secret @blob NOT NULL,                      -- signs every delivery; sealed with the installation's key (account/seal.h)
    old_secret @blob,                           -- the one before, signs too …
    old_until @stamp,                           -- … until then
    user_id @id,                                -- who made it: it is told what they may see; NULL: the console
    capabilities @text NOT NULL,                -- what its maker could do then; never more than they can now
    state @text NOT NULL CHECK (state @one_of ('on', 'off', 'removed')),
    off_why @text NOT NULL DEFAULT '',          -- 'hand', 'failing', 'gone', 'maker' or 'secret'
    off_at @stamp,
    cursor_seq @int NOT NULL,                   -- events up to here are rows of webhook_delivery …
    cursor_part @id NOT NULL DEFAULT 0,         -- … and of the next one everything up to this ledger entry
    failures @int NOT NULL DEFAULT 0,           -- in a row, of whatever object
    failing_since @stamp,
    wait_until @stamp,                          -- nothing is tried before
    delivered_at @stamp,                        -- the last that arrived
    last_error @text NOT NULL DEFAULT '',
    actor @text NOT NULL,
    created_at @stamp NOT NULL
);
CREATE INDEX webhook_company ON webhook (company_id, id);

-- What one webhook is to be told of one event, or of one of the invoices an import booked. In the order of (event_seq, part)
-- within a customer; among the open ones of a customer only the first is due, the others are queued behind it.
CREATE TABLE webhook_delivery (
    company_id @id NOT NULL,
    webhook_id @id NOT NULL REFERENCES webhook (id),
    event_seq @int NOT NULL,
    part @id NOT NULL,                          -- 0, the ledger entry of an invoice, or below 0: a test
    kind @text NOT NULL,
    customer_id @id NOT NULL,                   -- 0: about the company
    subject @text NOT NULL,
    state @text NOT NULL CHECK (state @one_of ('queued', 'due', 'delivered', 'failed')),
    next_at @stamp,                             -- of what is due
    attempts @int NOT NULL DEFAULT 0,
    tried_from @stamp,                          -- the first attempt
    tried_at @stamp,                            -- the last one
    status @int NOT NULL DEFAULT 0,             -- HTTP status of its answer; 0: there was none
    answer @text NOT NULL DEFAULT '',           -- what went wrong, or how the answer began
    duration_ms @int NOT NULL DEFAULT 0,
    created_at @stamp NOT NULL,
    closed_at @stamp,                           -- delivered or given up
    PRIMARY KEY (company_id, webhook_id, event_seq, part)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (company_id, webhook_id, next_at, event_seq, part) WHERE state = 'due';
CREATE INDEX webhook_delivery_object ON webhook_delivery (company_id, webhook_id, customer_id, event_seq, part) WHERE closed_at IS NULL;
CREATE INDEX webhook_delivery_failed ON webhook_delivery (company_id, webhook_id, event_seq, part) WHERE state = 'failed';
CREATE INDEX webhook_delivery_closed ON webhook_delivery (company_id, closed_at) WHERE closed_at IS NOT NULL;

-- The invoices an import booked are read in pieces.
DROP INDEX entry_event;
CREATE INDEX entry_event ON entry (company_id, event_seq, id);
