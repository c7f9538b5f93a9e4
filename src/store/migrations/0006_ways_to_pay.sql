-- Ways to pay: what messages and documents tell the debtor.

CREATE TABLE way_to_pay (
    id @id PRIMARY KEY,
    company_id @id NOT NULL REFERENCES company (id),
    code @text NOT NULL,                        -- what people call it: 'norandino'
    position @int NOT NULL,                     -- order of listing
    scheme @text NOT NULL,                      -- how the number is checked: iban, clabe, cbu … (core/bank_number.h)
    bank @text NOT NULL DEFAULT '',
    number @text NOT NULL,                      -- account, key, link or words, as checked
    account_type @text NOT NULL DEFAULT '',     -- 'Corriente'
    bic @text NOT NULL DEFAULT '',
    holder @text NOT NULL DEFAULT '',           -- empty: the company
    holder_tax_id @text NOT NULL DEFAULT '',
    city @text NOT NULL DEFAULT '',             -- of the receiver, in a PIX code
    note @text NOT NULL DEFAULT '',             -- one line for the payer
    country @text NOT NULL DEFAULT '',          -- told to customers there; empty: to all
    currency @text NOT NULL DEFAULT '',         -- told for debts in it; empty: for all
    actor @text NOT NULL,
    changed_at @stamp NOT NULL,
    UNIQUE (company_id, code)
);
-- Rows are changed and deleted; the timeline keeps what they were.
