-- What became of every file that was brought, and the options saved for the next one.

--: import_log_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM import_log;

--: import_log_insert exec
--: id id, kind text, file text, upload text, state text, rows int, booked int, duplicate int, rejected int, reason text, actor text ->
INSERT INTO import_log (id, company_id, kind, file, upload, state, rows, booked, duplicate, rejected, reason, actor, at)
VALUES (:id, :company, :kind, :file, :upload, :state, :rows, :booked, :duplicate, :rejected, :reason, :actor, :now);

--: import_log_settle exec
--: kind text, id id ->
-- A file of the same kind without a complaint came in: what was refused before has been mended.
UPDATE import_log SET closed_at = :now
WHERE company_id = :company AND kind = :kind AND id < :id AND closed_at IS NULL AND state <> 'booked';

--: import_log_list many
--: before id, limit int -> id id, kind text, file text, upload text, state text, rows int, booked int, duplicate int, rejected int, reason text, actor text, at stamp, closed_at stamp?
-- The newest first.
SELECT id, kind, file, upload, state, rows, booked, duplicate, rejected, reason, actor, at, closed_at FROM import_log
WHERE company_id = :company AND id < :before ORDER BY id DESC LIMIT :limit;

--: import_log_failed many
--: limit int -> like import_log_list
-- What still waits for somebody to mend it.
SELECT id, kind, file, upload, state, rows, booked, duplicate, rejected, reason, actor, at, closed_at FROM import_log
WHERE company_id = :company AND closed_at IS NULL AND state <> 'booked' ORDER BY id DESC LIMIT :limit;

--: import_log_close exec
--: id id ->
UPDATE import_log SET closed_at = :now WHERE company_id = :company AND id = :id AND closed_at IS NULL AND state <> 'booked';

--: import_mapping_list many
--: kind text, name text -> name text, kind text, options text
SELECT name, kind, options FROM import_mapping WHERE company_id = :company AND (kind > :kind OR (kind = :kind AND name > :name)) ORDER BY kind, name;

--: import_mapping_remove exec
--: name text, kind text ->
DELETE FROM import_mapping WHERE company_id = :company AND name = :name AND kind = :kind;
