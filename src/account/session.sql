-- Sessions.

--: session_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM session;

--: session_insert exec
--: id id, token_hash blob, user_id id, company_id id, stage text, csrf blob, address text, agent text, expires_at stamp ->
INSERT INTO session (id, token_hash, user_id, company_id, stage, csrf, address, agent, created_at, seen_at, expires_at)
VALUES (:id, :token_hash, :user_id, :company_id, :stage, :csrf, :address, :agent, :now, :now, :expires_at);

--: session_by_token maybe
--: token_hash blob -> id id, user_id id, company_id id, company_code text, stage text, csrf blob, seen_at stamp, expires_at stamp, login text, name text, language text, theme text, password_at stamp?, role text, scope text, team_id id?, companies int
-- Of a person who is not disabled and still belongs to the company.
SELECT s.id, s.user_id, s.company_id, c.code AS company_code, s.stage, s.csrf, s.seen_at, s.expires_at, u.login, u.name, u.language,
       u.theme, u.password_at, m.role, m.scope, m.team_id,
       (SELECT COUNT(*) FROM membership o WHERE o.user_id = s.user_id) AS companies
FROM session s JOIN app_user u ON u.id = s.user_id
JOIN membership m ON m.company_id = s.company_id AND m.user_id = s.user_id JOIN company c ON c.id = s.company_id
WHERE s.token_hash = :token_hash AND s.ended_at IS NULL AND u.disabled_at IS NULL;

--: session_seen exec
--: id id ->
UPDATE session SET seen_at = :now WHERE id = :id AND seen_at < :now;

--: session_end_one exec
--: id id, user_id id ->
UPDATE session SET ended_at = :now WHERE id = :id AND user_id = :user_id AND ended_at IS NULL;

--: session_end_all exec
--: user_id id, except_id id ->
UPDATE session SET ended_at = :now WHERE user_id = :user_id AND id <> :except_id AND ended_at IS NULL;

--: session_end_in_company exec
--: user_id id, company_id id ->
UPDATE session SET ended_at = :now WHERE user_id = :user_id AND company_id = :company_id AND ended_at IS NULL;

--: session_forget_old exec
--: before stamp ->
DELETE FROM session WHERE expires_at < :before;

--: session_list many
--: before id, user_id id, idle_since stamp -> id id, company_code text, address text, agent text, created_at stamp, seen_at stamp, expires_at stamp
-- The open ones of a person, the newest first.
SELECT s.id, c.code AS company_code, s.address, s.agent, s.created_at, s.seen_at, s.expires_at
FROM session s JOIN company c ON c.id = s.company_id
WHERE s.user_id = :user_id AND s.id < :before AND s.ended_at IS NULL AND s.stage = 'open' AND s.expires_at > :now AND s.seen_at > :idle_since
ORDER BY s.id DESC;

--: session_list_company many
--: before id, idle_since stamp, login text, any_login bool -> id id, login text, address text, agent text, created_at stamp, seen_at stamp, expires_at stamp
-- The open ones of the company's people, or of one of them, the newest first.
SELECT s.id, u.login, s.address, s.agent, s.created_at, s.seen_at, s.expires_at
FROM session s JOIN app_user u ON u.id = s.user_id
WHERE s.company_id = :company AND s.id < :before AND s.ended_at IS NULL AND s.stage = 'open' AND s.expires_at > :now AND s.seen_at > :idle_since
  AND (:any_login = 1 OR u.login = :login)
ORDER BY s.id DESC;

--: session_of_company maybe
--: id id -> login text
SELECT u.login FROM session s JOIN app_user u ON u.id = s.user_id WHERE s.id = :id AND s.company_id = :company;

--: session_end_of_company exec
--: id id ->
UPDATE session SET ended_at = :now WHERE id = :id AND company_id = :company AND ended_at IS NULL;

--: session_erase_user exec
--: user_id id ->
DELETE FROM session WHERE user_id = :user_id;
