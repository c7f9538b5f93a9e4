-- For account_test.c.

--: account_test_company exec
--: id id, code text, event_hash blob ->
INSERT INTO company (id, code, name, country, currency, zone, language, event_hash, created_at)
VALUES (:id, :code, :code, 'CO', 'COP', 'America/Bogota', 'es', :event_hash, :now);

--: account_test_open_secrets exec
--: user_id id, secret blob?, pending blob? ->
-- As versions before kept them.
UPDATE app_user SET totp_secret = :secret, totp_pending = :pending WHERE id = :user_id;
