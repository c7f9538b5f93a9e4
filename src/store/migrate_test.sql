--: table_count one
--: -> tables int
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'm%\_t%' ESCAPE '\';
--@pg
SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'm%\_t%' ESCAPE '\';
