-- Texts of the company's own over the shipped library, and mails that are no reminders.

-- One row per version of a text; the newest of a path is in force, unless it is a reset. Nothing is ever lost.
CREATE TABLE message_override (
    id @id PRIMARY KEY,
    company_id @id NOT NULL REFERENCES company (id),
    path @text NOT NULL,                        -- within the library: 'es/claim/firm-a.txt'
    version @int NOT NULL,                      -- 1, 2, … of this path
    is_reset @bool NOT NULL DEFAULT 0,          -- back to the shipped text
    text @text NOT NULL DEFAULT '',
    actor @text NOT NULL,
    at @stamp NOT NULL,
    UNIQUE (company_id, path, version)
);
@append_only message_override;

-- Mails that ask for nothing: thanks for a payment, the forewarning to a collector. Handed over once per subject, by the same protocol
-- as reminders, but in no count of contacts and no ladder.
CREATE TABLE courtesy_mail (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    kind @text NOT NULL CHECK (kind @one_of ('thanks', 'forewarning')),
    subject @text NOT NULL,                     -- thanks: the payment's id; forewarning: the day it is about, and to whom
    customer_id @id,
    payment_id @id,
    status @text NOT NULL CHECK (status @one_of ('planned', 'handing', 'sent', 'ambiguous', 'failed', 'refused', 'covered')),
    reason @text NOT NULL DEFAULT '',
    address @text NOT NULL DEFAULT '',
    variant @text NOT NULL DEFAULT '',
    planned_date @date NOT NULL,                -- civil day of the company
    not_before @stamp,
    attempts @int NOT NULL DEFAULT 0,
    message_id @text NOT NULL DEFAULT '',
    body @blob,                                 -- as handed over
    handed_at @stamp,
    reply @text NOT NULL DEFAULT '',
    created_at @stamp NOT NULL,
    UNIQUE (company_id, kind, subject)
);
CREATE INDEX courtesy_mail_planned ON courtesy_mail (company_id, id) WHERE status = 'planned';
CREATE INDEX courtesy_mail_customer ON courtesy_mail (company_id, customer_id, id);
