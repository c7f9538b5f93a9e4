-- Figures for `aldia health`, of all companies.

--: message_counts one
--: -> planned int, approval int, deferred int, handing int, ambiguous int, tasks int
SELECT CAST(COALESCE(SUM(CASE WHEN status = 'planned' AND ladder = 'message' THEN 1 ELSE 0 END), 0) AS BIGINT) AS planned,
       CAST(COALESCE(SUM(CASE WHEN status = 'approval' THEN 1 ELSE 0 END), 0) AS BIGINT) AS approval,
       CAST(COALESCE(SUM(CASE WHEN status = 'deferred' THEN 1 ELSE 0 END), 0) AS BIGINT) AS deferred,
       CAST(COALESCE(SUM(CASE WHEN status = 'handing' THEN 1 ELSE 0 END), 0) AS BIGINT) AS handing,
       CAST(COALESCE(SUM(CASE WHEN status = 'ambiguous' THEN 1 ELSE 0 END), 0) AS BIGINT) AS ambiguous,
       CAST(COALESCE(SUM(CASE WHEN status = 'open' THEN 1 ELSE 0 END), 0) AS BIGINT) AS tasks
FROM action WHERE status IN ('planned', 'approval', 'deferred', 'handing', 'ambiguous', 'open');

--: strategies_active one
--: -> count int
SELECT COUNT(*) AS count FROM strategy WHERE company_id = :company AND watermark IS NOT NULL;

--: company_all many
--: -> id id, code text, name text, country text, currency currency, zone text, language text, sending text, last_run_at stamp?
SELECT id, code, name, country, currency, zone, language, sending, last_run_at FROM company ORDER BY code;

--: companies_of many
--: after text, everything bool, user_id id, here_id id -> code text, name text, country text, currency currency, zone text, language text, sending text, last_run_at stamp?, here bool
-- A person's, or a key's one.
SELECT code, name, country, currency, zone, language, sending, last_run_at, CASE WHEN id = :here_id THEN 1 ELSE 0 END AS here FROM company
WHERE code > :after AND (:everything = 1 OR id = :here_id OR id IN (SELECT m.company_id FROM membership m WHERE m.user_id = :user_id))
ORDER BY code;
