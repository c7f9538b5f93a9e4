-- What was applied to this database.

--: migration_table one
--: -> present int
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration';
--@pg
SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration';

--: migration_applied many
--: -> number int, name text, sha256 blob
SELECT number, name, sha256 FROM schema_migration ORDER BY number;

--: migration_add exec
--: number int, name text, sha256 blob ->
INSERT INTO schema_migration (number, name, sha256, applied_at) VALUES (:number, :name, :sha256, :now);
