-- Who came in, and who did what.

--: access_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM access_log;

--: access_insert exec
--: id id, what text, user_id id?, key_id id?, who text, address text, detail text ->
INSERT INTO access_log (id, company_id, at, what, user_id, key_id, who, address, detail)
VALUES (:id, :company, :now, :what, :user_id, :key_id, :who, :address, :detail);

--: access_list many
--: before id, what text, any_what bool, login text, any_login bool -> id id, at stamp, what text, who text, address text, detail text
-- The newest first: of this company, and what is of none but concerns its people.
SELECT a.id, a.at, a.what, a.who, a.address, a.detail FROM access_log a
WHERE a.id < :before AND (:any_what = 1 OR a.what = :what) AND (:any_login = 1 OR a.who = :login)
  AND (a.company_id = :company OR (a.company_id = 0
       AND (a.user_id IS NULL OR a.user_id IN (SELECT m.user_id FROM membership m WHERE m.company_id = :company))))
ORDER BY a.id DESC;

--: access_of_user many
--: user_id id -> id id, at stamp, what text, who text, address text, detail text
SELECT id, at, what, who, address, detail FROM access_log WHERE user_id = :user_id ORDER BY id;

--: access_erase_user exec
--: user_id id ->
UPDATE access_log SET who = '', address = '', detail = '' WHERE user_id = :user_id;

--: audit_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM audit;

--: audit_insert exec
--: id id, actor text, user_id id?, key_id id?, verb text, object text, outcome text ->
INSERT INTO audit (id, company_id, at, actor, user_id, key_id, verb, object, outcome)
VALUES (:id, :company, :now, :actor, :user_id, :key_id, :verb, :object, :outcome);

--: audit_list many
--: before id, verb text, any_verb bool, user_id id, any_user bool -> id id, at stamp, actor text, name text, verb text, object text, outcome text
-- The newest first.
SELECT a.id, a.at, a.actor, COALESCE(NULLIF(k.name, ''), u.login, '') AS name, a.verb, a.object, a.outcome
FROM audit a LEFT JOIN app_user u ON u.id = a.user_id LEFT JOIN api_key k ON k.id = a.key_id
WHERE a.company_id = :company AND a.id < :before AND (:any_verb = 1 OR a.verb = :verb) AND (:any_user = 1 OR a.user_id = :user_id)
ORDER BY a.id DESC;

--: audit_of_user many
--: user_id id -> id id, company_id id, at stamp, verb text, object text, outcome text
SELECT id, company_id, at, verb, object, outcome FROM audit WHERE user_id = :user_id ORDER BY id;
