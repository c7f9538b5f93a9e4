-- Changes to many customers that a server works through set by set: what was asked and with whose rights, how far it is, what became of whom.
CREATE TABLE bulk_change (
    id @id PRIMARY KEY,
    company_id @id NOT NULL REFERENCES company (id),
    user_id @id NOT NULL, -- with whose rights; 0: the console's
    actor @text NOT NULL,
    arguments @json NOT NULL,
    customers @int NOT NULL, -- chosen when it was asked for
    last_customer_id @id NOT NULL DEFAULT 0, -- customers up to this one are done, in the order of their ids
    changed @int NOT NULL DEFAULT 0,
    unchanged @int NOT NULL DEFAULT 0,
    refused @int NOT NULL DEFAULT 0,
    state @text NOT NULL DEFAULT 'working' CHECK (state @one_of ('working', 'done', 'cancelled', 'failed')),
    message @text NOT NULL DEFAULT '',
    begun_at @stamp NOT NULL,
    ended_at @stamp
);
CREATE INDEX bulk_change_working ON bulk_change (id) WHERE state = 'working';
CREATE INDEX bulk_change_own ON bulk_change (company_id, user_id, id);

-- The first few of each outcome; every change itself stands on the timeline.
CREATE TABLE bulk_told (
    change_id @id NOT NULL REFERENCES bulk_change (id),
    customer_id @id NOT NULL REFERENCES customer (id),
    outcome @text NOT NULL,
    reason @text NOT NULL DEFAULT '',
    message @text NOT NULL DEFAULT '',
    PRIMARY KEY (change_id, customer_id)
);
