-- Rounds.

--: run_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM run;

--: run_insert exec
--: id id, civil_date date ->
INSERT INTO run (id, company_id, started_at, civil_date) VALUES (:id, :company, :now, :civil_date);

--: run_finish exec
--: id id, sent int, counts json ->
UPDATE run SET finished_at = :now, sent = :sent, counts = :counts WHERE company_id = :company AND id = :id;

--: run_last maybe
--: -> started_at stamp, finished_at stamp?, counts json
SELECT started_at, finished_at, counts FROM run WHERE company_id = :company ORDER BY id DESC LIMIT 1;
