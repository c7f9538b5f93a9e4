-- People and what they are in each company.

--: user_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM app_user;

--: user_insert exec
--: id id, login text, name text, email text, language text, password_hash text, password_at stamp? ->
INSERT INTO app_user (id, login, name, email, language, password_hash, password_at, created_at)
VALUES (:id, :login, :name, :email, :language, :password_hash, :password_at, :now);

--: membership_put exec
--: user_id id, role text, scope text, team_id id?, code text ->
INSERT INTO membership (company_id, user_id, role, scope, team_id, code, since)
VALUES (:company, :user_id, :role, :scope, :team_id, :code, :now)
ON CONFLICT (company_id, user_id) DO UPDATE SET role = excluded.role, scope = excluded.scope, team_id = excluded.team_id,
       code = excluded.code;

--: user_list many
--: after text -> id id, login text, name text, email text, role text, scope text, team text, code text, has_code bool, created_at stamp, disabled_at stamp?, last_at stamp?
-- The people of the company.
SELECT u.id, u.login, u.name, u.email, m.role, m.scope, COALESCE(t.name, '') AS team, m.code,
       CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS has_code, u.created_at, u.disabled_at,
       (SELECT MAX(s.seen_at) FROM session s WHERE s.user_id = u.id) AS last_at
FROM membership m JOIN app_user u ON u.id = m.user_id LEFT JOIN team t ON t.id = m.team_id
WHERE m.company_id = :company AND u.login > :after ORDER BY u.login;

--: user_by_login maybe
--: login text -> id id, login text, name text, email text, language text, theme text, created_at stamp, disabled_at stamp?, has_code bool, role text, scope text, team text, code text
-- One of the company's people.
SELECT u.id, u.login, u.name, u.email, u.language, u.theme, u.created_at, u.disabled_at,
       CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS has_code, m.role, m.scope, COALESCE(t.name, '') AS team, m.code
FROM app_user u JOIN membership m ON m.user_id = u.id AND m.company_id = :company LEFT JOIN team t ON t.id = m.team_id
WHERE u.login = :login;

--: user_anywhere maybe
--: login text -> id id, erased_at stamp?
SELECT id, erased_at FROM app_user WHERE login = :login;

--: user_with_email maybe
--: email text -> id id
SELECT id FROM app_user WHERE email = :email AND email <> '';

--: user_get one
--: id id -> login text, name text, email text, language text, theme text, password_hash text, has_code bool, created_at stamp
SELECT login, name, email, language, theme, password_hash, CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END AS has_code, created_at
FROM app_user WHERE id = :id;

--: user_called maybe
--: id id -> login text, name text, erased_at stamp?
SELECT login, name, erased_at FROM app_user WHERE id = :id;

--: user_set_profile exec
--: id id, name text, email text, language text, theme text ->
UPDATE app_user SET name = :name, email = :email, language = :language, theme = :theme WHERE id = :id;

--: user_set_password exec
--: id id, password_hash text, password_at stamp? ->
UPDATE app_user SET password_hash = :password_hash, password_at = :password_at WHERE id = :id;

--: user_set_disabled exec
--: id id, disabled_at stamp? ->
UPDATE app_user SET disabled_at = :disabled_at WHERE id = :id;

--: user_erase_row exec
--: id id, login text ->
UPDATE app_user SET login = :login, name = '', email = '', language = '', password_hash = '', totp_secret = NULL, totp_pending = NULL,
       disabled_at = COALESCE(disabled_at, :now), erased_at = :now
WHERE id = :id;

--: membership_remove exec
--: user_id id ->
DELETE FROM membership WHERE company_id = :company AND user_id = :user_id;

--: membership_of maybe
--: user_id id, company_id id -> role text
SELECT role FROM membership WHERE user_id = :user_id AND company_id = :company_id;

--: member_now maybe
--: id id -> login text, name text, language text, password_at stamp?, role text, scope text, team_id id?
-- What somebody who is not disabled is in the company.
SELECT u.login, u.name, u.language, u.password_at, m.role, m.scope, m.team_id
FROM app_user u JOIN membership m ON m.user_id = u.id AND m.company_id = :company WHERE u.id = :id AND u.disabled_at IS NULL;

--: membership_all_of many
--: user_id id -> company_id id, company_code text, company_name text, role text, scope text, team text, code text, since stamp
SELECT m.company_id, c.code AS company_code, c.name AS company_name, m.role, m.scope, COALESCE(t.name, '') AS team, m.code, m.since
FROM membership m JOIN company c ON c.id = m.company_id LEFT JOIN team t ON t.id = m.team_id
WHERE m.user_id = :user_id ORDER BY m.company_id;

--: membership_erase exec
--: user_id id ->
DELETE FROM membership WHERE user_id = :user_id;

--: companies_left_alone one
--: user_id id -> companies int
-- Companies only this person administers.
SELECT COUNT(*) AS companies FROM membership m WHERE m.user_id = :user_id AND m.role = 'admin'
  AND NOT EXISTS (SELECT 1 FROM membership o JOIN app_user u ON u.id = o.user_id
                  WHERE o.company_id = m.company_id AND o.role = 'admin' AND u.disabled_at IS NULL AND o.user_id <> m.user_id);

--: companies_out_of_reach one
--: user_id id, ruler_id id -> companies int
-- Companies this person belongs to and the other does not administer.
SELECT COUNT(*) AS companies FROM membership m WHERE m.user_id = :user_id
  AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.company_id = m.company_id AND o.user_id = :ruler_id AND o.role = 'admin');

--: team_by_name maybe
--: name text -> id id
SELECT id FROM team WHERE company_id = :company AND name = :name;

--: team_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM team;

--: team_insert exec
--: id id, name text ->
INSERT INTO team (id, company_id, name) VALUES (:id, :company, :name);
