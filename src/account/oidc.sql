-- Sign-ons at another provider that are under way.

--: sign_on_insert exec
--: state_hash blob, browser_hash blob, nonce text, verifier text ->
INSERT INTO sign_on (state_hash, browser_hash, nonce, verifier, created_at)
VALUES (:state_hash, :browser_hash, :nonce, :verifier, :now);

--: sign_on_get maybe
--: state_hash blob -> browser_hash blob, nonce text, verifier text, created_at stamp
SELECT browser_hash, nonce, verifier, created_at FROM sign_on WHERE state_hash = :state_hash;

--: sign_on_delete exec
--: state_hash blob ->
DELETE FROM sign_on WHERE state_hash = :state_hash;

--: sign_on_forget_old exec
--: before stamp ->
DELETE FROM sign_on WHERE created_at < :before;
