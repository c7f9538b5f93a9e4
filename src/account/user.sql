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
--: -> id id, login text, name text, email text, role text, scope text, team text, code text, has_code bool, created_at stamp, disabled_at stamp?, last_at stamp?
-- The people of the company.
SELECT u.id, u.login, u.name, u.email, m.role, m.scope, COALESCE(t.name, '') AS team, m.code,
       CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS has_code, u.created_at, u.disabled_at,
       (SELECT MAX(s.seen_at) FROM session s WHERE s.user_id = u.id) AS last_at
FROM membership m JOIN app_user u ON u.id = m.user_id LEFT JOIN team t ON t.id = m.team_id
WHERE m.company_id = :company ORDER BY u.login;
