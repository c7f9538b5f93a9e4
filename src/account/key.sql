-- API keys.

--: key_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM api_key;

--: key_insert exec
--: id id, name text, prefix text, secret_hash blob, capabilities text, user_id id?, expires_at stamp? ->
INSERT INTO api_key (id, company_id, name, prefix, secret_hash, capabilities, user_id, created_at, expires_at)
VALUES (:id, :company, :name, :prefix, :secret_hash, :capabilities, :user_id, :now, :expires_at);

--: key_by_prefix maybe
--: prefix text -> id id, company_id id, company_code text, name text, secret_hash blob, capabilities text, user_id id?, expires_at stamp?, revoked_at stamp?, last_used_at stamp?, last_address text, maker_role text, maker_scope text, maker_team id?, maker_disabled stamp?, maker_password_at stamp?
-- With what its maker is now: it never has more than that.
SELECT k.id, k.company_id, c.code AS company_code, k.name, k.secret_hash, k.capabilities, k.user_id, k.expires_at, k.revoked_at,
       k.last_used_at, k.last_address, COALESCE(m.role, '') AS maker_role, COALESCE(m.scope, '') AS maker_scope,
       m.team_id AS maker_team, u.disabled_at AS maker_disabled, u.password_at AS maker_password_at
FROM api_key k JOIN company c ON c.id = k.company_id LEFT JOIN app_user u ON u.id = k.user_id
LEFT JOIN membership m ON m.company_id = k.company_id AND m.user_id = k.user_id
WHERE k.prefix = :prefix;

--: key_used exec
--: id id, address text ->
UPDATE api_key SET last_used_at = :now, last_address = :address WHERE id = :id;

--: key_revoke exec
--: id id ->
UPDATE api_key SET revoked_at = :now WHERE company_id = :company AND id = :id AND revoked_at IS NULL;

--: key_revoke_of_user exec
--: user_id id ->
UPDATE api_key SET revoked_at = :now WHERE user_id = :user_id AND revoked_at IS NULL;

--: key_list many
--: after id -> id id, name text, prefix text, capabilities text, login text, created_at stamp, expires_at stamp?, revoked_at stamp?, last_used_at stamp?, last_address text
SELECT k.id, k.name, k.prefix, k.capabilities, COALESCE(u.login, '') AS login, k.created_at, k.expires_at, k.revoked_at,
       k.last_used_at, k.last_address
FROM api_key k LEFT JOIN app_user u ON u.id = k.user_id WHERE k.company_id = :company AND k.id > :after ORDER BY k.id;

--: key_get maybe
--: id id -> name text, prefix text, revoked_at stamp?
SELECT name, prefix, revoked_at FROM api_key WHERE company_id = :company AND id = :id;
