-- Strategies changed in the desk: one draft each, why a version was made, and those put away.

-- The draft of a strategy, until it is applied or discarded. One each; people share it.
CREATE TABLE strategy_draft (
    company_id @id NOT NULL REFERENCES company (id),
    strategy_id @id NOT NULL REFERENCES strategy (id),
    base_version @int NOT NULL,                 -- what it was begun from
    source @text NOT NULL,                      -- YAML; what is wrong with it may be mended later
    actor @text NOT NULL,                       -- who changed it last
    changed_at @stamp NOT NULL,
    PRIMARY KEY (company_id, strategy_id)
);

ALTER TABLE strategy ADD COLUMN archived_at @stamp; -- nobody follows it any more; NULL: in use
ALTER TABLE strategy_version ADD COLUMN note @text NOT NULL DEFAULT ''; -- why, in the words of whoever made it
