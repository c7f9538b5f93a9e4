-- Files kept by content in files/ of the data directory, postal addresses, and letters in print.

-- Copies of invoices and the like. The bytes are never changed: other bytes are another file.
CREATE TABLE document_file (
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    document_id @id NOT NULL REFERENCES document (id),
    hash @blob NOT NULL,                        -- SHA-256 of the bytes; in hexadecimal their name in files/
    name @text NOT NULL,                        -- as the file was called, without folders
    media_type @text NOT NULL,
    size @int NOT NULL CHECK (size > 0),
    attached_at @stamp NOT NULL,
    PRIMARY KEY (document_id, hash)
);
CREATE INDEX document_file_customer ON document_file (company_id, customer_id);

-- Where letters go.
CREATE TABLE postal_address (
    customer_id @id PRIMARY KEY REFERENCES customer (id),
    company_id @id NOT NULL,
    street @text NOT NULL,                      -- one or more lines
    postal_code @text NOT NULL DEFAULT '',
    city @text NOT NULL DEFAULT '',
    region @text NOT NULL DEFAULT '',
    country @text NOT NULL DEFAULT '',          -- empty: the customer's
    state @text NOT NULL DEFAULT 'ok' CHECK (state @one_of ('ok', 'returned'))
);

-- One PDF of letters, put together once; its pages are the kept bytes of its letters.
CREATE TABLE letter_batch (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    made_at @stamp NOT NULL,
    actor @text NOT NULL,
    hash @blob,                                 -- SHA-256 of the PDF; NULL: it was interrupted and never written
    printed @int NOT NULL DEFAULT 0             -- how many times it was written: more than once only when somebody said so
);

-- A letter that was handed over to print (its message is action), and what the post did with it.
CREATE TABLE letter (
    action_id @id PRIMARY KEY REFERENCES action (id),
    company_id @id NOT NULL,
    customer_id @id NOT NULL,
    batch_id @id NOT NULL REFERENCES letter_batch (id),
    position @int NOT NULL,                     -- in the batch, from 1
    registered_number @text NOT NULL DEFAULT '',
    posted_on @date,
    delivered_on @date,
    proof_hash @blob,                           -- of the receipt's scan in files/
    proof_name @text NOT NULL DEFAULT ''
);
CREATE INDEX letter_of_batch ON letter (company_id, batch_id, position);
