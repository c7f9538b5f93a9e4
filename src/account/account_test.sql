-- For account_test.c.

--: account_test_company exec
--: id id, code text, event_hash blob ->
INSERT INTO company (id, code, name, country, currency, zone, language, event_hash, created_at)
VALUES (:id, :code, :code, 'CO', 'COP', 'America/Bogota', 'es', :event_hash, :now);
