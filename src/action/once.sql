-- Answers kept for calls that are sent again.

--: once_get maybe
--: caller text, once_key text -> digest blob, answer text
SELECT digest, answer FROM api_answer WHERE company_id = :company AND caller = :caller AND once_key = :once_key;

--: once_put exec
--: caller text, once_key text, digest blob, answer text ->
INSERT INTO api_answer (company_id, caller, once_key, digest, answer, at)
VALUES (:company, :caller, :once_key, :digest, :answer, :now);

--: once_delete_old exec
--: before stamp ->
-- Of every company.
DELETE FROM api_answer WHERE at < :before;
