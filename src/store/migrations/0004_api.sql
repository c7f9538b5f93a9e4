-- What programs rely on: answers kept for repeated calls, and webhooks.

-- The answer to a call with an Idempotency-Key, written in the transaction of what it did (INV: I12). Kept for a day, then deleted.
CREATE TABLE api_answer (
    company_id @id NOT NULL,
    caller @text NOT NULL,                      -- the actor's label: "key:erp"
    once_key @text NOT NULL,
    digest @blob NOT NULL,                      -- SHA-256 of method, path and body
    answer @text NOT NULL,
    at @stamp NOT NULL,
    PRIMARY KEY (company_id, caller, once_key)
);
CREATE INDEX api_answer_at ON api_answer (at);

-- Addresses that are told what happens. The secret is needed to sign, so it is kept as it is.
CREATE TABLE webhook (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    url @text NOT NULL,
    secret @text NOT NULL,
    kinds @text NOT NULL DEFAULT '',            -- "payment customer.held": beginnings of kinds of events; empty: all
    told_seq @int NOT NULL,                     -- events up to here are delivered, skipped or waiting below
    created_at @stamp NOT NULL,
    actor @text NOT NULL,
    removed_at @stamp
);

-- What waits to be delivered: in order for one subject; deleted when delivered.
CREATE TABLE webhook_delivery (
    id @id PRIMARY KEY,
    webhook_id @id NOT NULL REFERENCES webhook (id),
    company_id @id NOT NULL,
    seq @int NOT NULL,                          -- of the event
    subject @text NOT NULL,
    body @text NOT NULL,
    attempts @int NOT NULL DEFAULT 0,
    next_at @stamp NOT NULL,
    last_error @text NOT NULL DEFAULT '',
    given_up_at @stamp,                         -- after the last attempt; kept to be looked at
    UNIQUE (webhook_id, seq)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE given_up_at IS NULL;
