-- The second factor.

--: totp_get one
--: user_id id -> totp_secret blob?, totp_pending blob?, totp_step int
SELECT totp_secret, totp_pending, totp_step FROM app_user WHERE id = :user_id;

--: totp_all many
--: -> user_id id, totp_secret blob?, totp_pending blob?
SELECT id AS user_id, totp_secret, totp_pending FROM app_user WHERE totp_secret IS NOT NULL OR totp_pending IS NOT NULL;

--: totp_set_both exec
--: user_id id, secret blob?, pending blob? ->
UPDATE app_user SET totp_secret = :secret, totp_pending = :pending WHERE id = :user_id;

--: totp_set_pending exec
--: user_id id, secret blob? ->
UPDATE app_user SET totp_pending = :secret WHERE id = :user_id;

--: totp_take_step exec
--: user_id id, step int ->
-- Changes a row only if no code of this step or a later one was taken yet.
UPDATE app_user SET totp_step = :step WHERE id = :user_id AND totp_step < :step;

--: totp_switch_on exec
--: user_id id, step int ->
UPDATE app_user SET totp_secret = totp_pending, totp_pending = NULL, totp_step = :step WHERE id = :user_id;

--: totp_clear exec
--: user_id id ->
UPDATE app_user SET totp_secret = NULL, totp_pending = NULL WHERE id = :user_id;

--: recovery_clear exec
--: user_id id ->
DELETE FROM recovery_code WHERE user_id = :user_id;

--: recovery_insert exec
--: user_id id, hash blob ->
INSERT INTO recovery_code (user_id, hash) VALUES (:user_id, :hash);

--: recovery_use exec
--: user_id id, hash blob ->
UPDATE recovery_code SET used_at = :now WHERE user_id = :user_id AND hash = :hash AND used_at IS NULL;

--: recovery_left one
--: user_id id -> left_over int
SELECT COUNT(*) AS left_over FROM recovery_code WHERE user_id = :user_id AND used_at IS NULL;
