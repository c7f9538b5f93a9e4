-- When rounds are due.

--: schedule_companies many
--: -> id id
-- Of the whole installation.
SELECT id FROM company ORDER BY id;

--: schedule_last_round maybe
--: -> started_at stamp, civil_date date
SELECT started_at, civil_date FROM run WHERE company_id = :company ORDER BY id DESC LIMIT 1;

--: schedule_hook_companies many
--: -> company_id id
-- Those with a webhook that is on, of the whole installation.
SELECT DISTINCT company_id FROM webhook WHERE state = 'on' ORDER BY company_id;
