-- Who a company says it is in its mails and documents; what is empty is as aldia.conf says.

CREATE TABLE company_sender (
    company_id @id PRIMARY KEY REFERENCES company (id),
    name @text NOT NULL DEFAULT '',       -- shown before the address; empty: the company's own name, where aldia.conf has none for it
    address @text NOT NULL DEFAULT '',    -- From, and the envelope's sender
    reply_to @text NOT NULL DEFAULT '',
    logo_type @text NOT NULL DEFAULT '' CHECK (logo_type @one_of ('', 'image/png', 'image/jpeg')),
    logo @blob,                           -- as it was uploaded, decoded once before it was kept; at most 512 kB
    changed_at @stamp NOT NULL,
    CHECK ((logo IS NULL) = (logo_type = ''))
);
