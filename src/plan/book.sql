-- Strategies of the company, with the version in force.

--: strategy_all many
--: -> id id, code text, name text, version int, is_default bool, segments text, watermark date?, activated_at stamp?, ramp_from date?, ramp_days int, source text
SELECT s.id, s.code, s.name, s.version, s.is_default, s.segments, s.watermark, s.activated_at, s.ramp_from, s.ramp_days, v.source
FROM strategy s JOIN strategy_version v ON v.strategy_id = s.id AND v.version = s.version
WHERE s.company_id = :company AND s.archived_at IS NULL ORDER BY s.id;

--: strategy_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM strategy;

--: strategy_insert exec
--: id id, code text, name text, is_default bool, segments text ->
INSERT INTO strategy (id, company_id, code, name, version, is_default, segments)
VALUES (:id, :company, :code, :name, 1, :is_default, :segments);

--: strategy_version_insert exec
--: strategy_id id, version int, source text, actor text, note text ->
INSERT INTO strategy_version (strategy_id, version, source, created_at, actor, note) VALUES (:strategy_id, :version, :source, :now, :actor, :note);

--: strategy_set_version exec
--: id id, version int, name text, segments text ->
UPDATE strategy SET version = :version, name = :name, segments = :segments WHERE company_id = :company AND id = :id;

--: strategy_by_code maybe
--: code text -> id id, name text, version int, is_default bool, segments text, watermark date?, activated_at stamp?, archived_at stamp?, source text
SELECT s.id, s.name, s.version, s.is_default, s.segments, s.watermark, s.activated_at, s.archived_at, v.source
FROM strategy s JOIN strategy_version v ON v.strategy_id = s.id AND v.version = s.version
WHERE s.company_id = :company AND s.code = :code;

--: strategy_activate exec
--: id id, watermark date, ramp_from date?, ramp_days int ->
UPDATE strategy SET watermark = :watermark, activated_at = :now, ramp_from = :ramp_from, ramp_days = :ramp_days WHERE company_id = :company AND id = :id;

--: strategy_archived many
--: -> id id, code text, name text, version int, archived_at stamp
SELECT id, code, name, version, archived_at FROM strategy WHERE company_id = :company AND archived_at IS NOT NULL ORDER BY id;

--: strategy_set_archived exec
--: id id, archived_at stamp? ->
UPDATE strategy SET archived_at = :archived_at WHERE company_id = :company AND id = :id;

--: strategy_followers one
--: id id -> by_hand int
-- Customers to whom it was assigned.
SELECT COUNT(*) AS by_hand FROM customer WHERE company_id = :company AND strategy_id = :id;

--: strategy_ramp exec
--: id id, ramp_from date?, ramp_days int ->
UPDATE strategy SET ramp_from = :ramp_from, ramp_days = :ramp_days WHERE company_id = :company AND id = :id;

-- ---- versions ----

--: strategy_versions many
--: id id -> version int, created_at stamp, actor text, note text, source text
SELECT v.version, v.created_at, v.actor, v.note, v.source FROM strategy_version v JOIN strategy s ON s.id = v.strategy_id
WHERE s.company_id = :company AND s.id = :id ORDER BY v.version DESC;

--: strategy_version_get maybe
--: id id, version int -> version int, created_at stamp, actor text, note text, source text
SELECT v.version, v.created_at, v.actor, v.note, v.source FROM strategy_version v JOIN strategy s ON s.id = v.strategy_id
WHERE s.company_id = :company AND s.id = :id AND v.version = :version;

-- ---- drafts ----

--: strategy_draft_get maybe
--: id id -> base_version int, source text, actor text, changed_at stamp
SELECT base_version, source, actor, changed_at FROM strategy_draft WHERE company_id = :company AND strategy_id = :id;

--: strategy_draft_put exec
--: id id, base_version int, source text, actor text ->
INSERT INTO strategy_draft (company_id, strategy_id, base_version, source, actor, changed_at)
VALUES (:company, :id, :base_version, :source, :actor, :now)
ON CONFLICT (company_id, strategy_id) DO UPDATE SET base_version = excluded.base_version, source = excluded.source, actor = excluded.actor, changed_at = excluded.changed_at;

--: strategy_draft_drop exec
--: id id ->
DELETE FROM strategy_draft WHERE company_id = :company AND strategy_id = :id;

--: strategy_drafts many
--: -> id id
SELECT strategy_id AS id FROM strategy_draft WHERE company_id = :company ORDER BY strategy_id;
