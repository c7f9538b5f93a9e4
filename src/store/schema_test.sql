--: schema_object many
--: -> type text, sql text
SELECT s.type, s.sql FROM sqlite_schema AS s JOIN sqlite_schema AS t ON t.type = 'table' AND t.name = s.tbl_name
WHERE s.sql IS NOT NULL ORDER BY t.rowid, s.rowid;
