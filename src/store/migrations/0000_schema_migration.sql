-- What was applied to this database; migrate.c reads it before anything else.
CREATE TABLE schema_migration (
    number @int PRIMARY KEY,
    name @text NOT NULL,        -- the file's, without folder
    sha256 @blob NOT NULL,      -- of the file as applied: a file that changed since is refused
    applied_at @stamp NOT NULL
);
