-- What programs rely on: answers kept for repeated calls.

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
