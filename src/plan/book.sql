-- Strategies of the company, with the version in force.

--: strategy_all many
--: -> id id, code text, name text, version int, is_default bool, segments text, watermark date?, activated_at stamp?, ramp_from date?, ramp_days int, source text
SELECT s.id, s.code, s.name, s.version, s.is_default, s.segments, s.watermark, s.activated_at, s.ramp_from, s.ramp_days, v.source
FROM strategy s JOIN strategy_version v ON v.strategy_id = s.id AND v.version = s.version
WHERE s.company_id = :company ORDER BY s.id;

--: strategy_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM strategy;

--: strategy_insert exec
--: id id, code text, name text, is_default bool, segments text ->
INSERT INTO strategy (id, company_id, code, name, version, is_default, segments)
VALUES (:id, :company, :code, :name, 1, :is_default, :segments);

--: strategy_version_insert exec
--: strategy_id id, version int, source text, actor text ->
INSERT INTO strategy_version (strategy_id, version, source, created_at, actor) VALUES (:strategy_id, :version, :source, :now, :actor);

--: strategy_set_version exec
--: id id, version int, name text, segments text ->
UPDATE strategy SET version = :version, name = :name, segments = :segments WHERE company_id = :company AND id = :id;

--: strategy_by_code maybe
--: code text -> id id, name text, version int, watermark date?, activated_at stamp?, source text
SELECT s.id, s.name, s.version, s.watermark, s.activated_at, v.source
FROM strategy s JOIN strategy_version v ON v.strategy_id = s.id AND v.version = s.version
WHERE s.company_id = :company AND s.code = :code;

--: strategy_activate exec
--: id id, watermark date, ramp_from date?, ramp_days int ->
UPDATE strategy SET watermark = :watermark, activated_at = :now, ramp_from = :ramp_from, ramp_days = :ramp_days WHERE company_id = :company AND id = :id;
