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
