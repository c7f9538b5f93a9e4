-- A refund is of a payment, or of a document: what is left of a credit note or an advance is paid back too.

-- payment_id or document_id: exactly one. A document's refund also takes from the ledger, by entries of kind `credit` without another side
-- (INV: I8).
CREATE TABLE refund_moved (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    payment_id @id REFERENCES payment (id),     -- in whose currency it is
    document_id @id REFERENCES document (id),   -- the same of a credit note or an advance
    date @date NOT NULL,                        -- civil day on which it was paid back
    amount @money NOT NULL CHECK (amount > 0),
    reference @text NOT NULL DEFAULT '',        -- of the transfer
    method @text NOT NULL DEFAULT '',
    external_id @text,                          -- of the source: books once
    event_seq @int NOT NULL,                    -- the event that covers it; its hash covers this row
    CHECK ((payment_id IS NULL) <> (document_id IS NULL))
);
INSERT INTO refund_moved (id, company_id, customer_id, payment_id, date, amount, reference, method, external_id, event_seq)
SELECT id, company_id, customer_id, payment_id, date, amount, reference, method, external_id, event_seq FROM refund;
DROP TABLE refund;
ALTER TABLE refund_moved RENAME TO refund;
CREATE INDEX refund_payment ON refund (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX refund_document ON refund (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX refund_event ON refund (company_id, event_seq);
CREATE UNIQUE INDEX refund_external ON refund (company_id, external_id) WHERE external_id IS NOT NULL;
@append_only refund;
