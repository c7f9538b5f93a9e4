-- Failed attempts.

--: throttle_get maybe
--: subject blob -> failures int, last_at stamp, blocked_until stamp
SELECT failures, last_at, blocked_until FROM throttle WHERE subject = :subject;

--: throttle_put exec
--: subject blob, failures int, blocked_until stamp ->
INSERT INTO throttle (subject, failures, last_at, blocked_until) VALUES (:subject, :failures, :now, :blocked_until)
ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
       blocked_until = excluded.blocked_until;

--: throttle_forget exec
--: subject blob ->
DELETE FROM throttle WHERE subject = :subject;

--: throttle_forget_old exec
--: before stamp ->
DELETE FROM throttle WHERE last_at < :before;

--: known_address_get maybe
--: user_id id, address_hash blob -> last_at stamp
SELECT last_at FROM known_address WHERE user_id = :user_id AND address_hash = :address_hash;

--: known_address_put exec
--: user_id id, address_hash blob ->
INSERT INTO known_address (user_id, address_hash, last_at) VALUES (:user_id, :address_hash, :now)
ON CONFLICT (user_id, address_hash) DO UPDATE SET last_at = excluded.last_at;

--: known_address_erase exec
--: user_id id ->
DELETE FROM known_address WHERE user_id = :user_id;
