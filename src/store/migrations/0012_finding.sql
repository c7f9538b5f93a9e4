-- Finding and working through lists: the words search looks up, filters people keep, and what became of every file that was brought.

-- One row for each word of a text people search for, folded (small letters without accents). It follows from the rows it names, is written
-- in their transaction (portfolio/finding.h) and can be made anew from them. `kind` comes before the word, so that each group of results
-- is one range; nothing is said about what the text is, so that a hit is always read from the row itself.
CREATE TABLE search_word (
    company_id @id NOT NULL,
    kind @int NOT NULL,                         -- enum find_kind
    word @text NOT NULL,
    id @id NOT NULL,                            -- of the row the kind names
    customer_id @id NOT NULL,
    PRIMARY KEY (company_id, kind, word, id)
) @clustered;

-- For which companies the words of everything older have been written; no row: not yet.
CREATE TABLE search_head (
    company_id @id PRIMARY KEY,
    made_at @stamp NOT NULL
);

-- Messages by the id mail programs show.
CREATE INDEX action_message ON action (company_id, message_id) WHERE message_id <> '';

-- Every file that was brought to be booked, with what became of it.
CREATE TABLE import_log (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    kind @text NOT NULL,                        -- 'customers', 'invoices', 'payments'
    file @text NOT NULL,                        -- as it was called
    upload @text NOT NULL DEFAULT '',           -- what it is called among the uploads; empty from the command line
    state @text NOT NULL CHECK (state @one_of ('booked', 'partly', 'refused')),
    rows @int NOT NULL,
    booked @int NOT NULL,
    duplicate @int NOT NULL,
    rejected @int NOT NULL,
    reason @text NOT NULL DEFAULT '',           -- the first complaint
    actor @text NOT NULL,
    at @stamp NOT NULL,
    closed_at @stamp                            -- of one with complaints: nobody needs to look at it any more
);
CREATE INDEX import_log_company ON import_log (company_id, id);
CREATE INDEX import_log_open ON import_log (company_id, id) WHERE closed_at IS NULL AND state <> 'booked';

-- Lists as people look at them: the query of the page under a name, one's own or everybody's.
CREATE TABLE saved_filter (
    id @id PRIMARY KEY,
    company_id @id NOT NULL,
    user_id @id NOT NULL,                       -- whose it is
    list @text NOT NULL,                        -- 'portfolio'
    name @text NOT NULL,
    query @text NOT NULL,                       -- "state=overdue&segment=key"
    is_shared @bool NOT NULL DEFAULT 0,
    created_at @stamp NOT NULL,
    UNIQUE (company_id, user_id, list, name)
);

-- Which of them a person begins with.
CREATE TABLE saved_filter_default (
    company_id @id NOT NULL,
    user_id @id NOT NULL,
    list @text NOT NULL,
    filter_id @id NOT NULL REFERENCES saved_filter (id),
    PRIMARY KEY (company_id, user_id, list)
);
