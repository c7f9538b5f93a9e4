-- Money paid back: what of a payment was not used and went back to the customer.

-- Append-only like the ledger: payment.amount = allocated + unapplied + Σ refund.amount (INV: I8). A refund that comes back is a new payment.
CREATE TABLE refund (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    payment_id @id NOT NULL REFERENCES payment (id), -- in whose currency it is
    date @date NOT NULL,                        -- civil day on which it was paid back
    amount @money NOT NULL CHECK (amount > 0),
    reference @text NOT NULL DEFAULT '',        -- of the transfer
    method @text NOT NULL DEFAULT '',
    external_id @text,                          -- of the source: books once
    event_seq @int NOT NULL                     -- the event that covers it; its hash covers this row
);
CREATE INDEX refund_payment ON refund (payment_id);
CREATE INDEX refund_event ON refund (company_id, event_seq);
CREATE UNIQUE INDEX refund_external ON refund (company_id, external_id) WHERE external_id IS NOT NULL;
@append_only refund;
