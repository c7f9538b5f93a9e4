-- Who wants in.

--: sign_in_user maybe
--: login text -> id id, login text, password_hash text, has_code bool, company_id id?
-- By login or e-mail, not disabled; the company used last, else the first.
SELECT u.id, u.login, u.password_hash, CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END AS has_code,
       COALESCE((SELECT s.company_id FROM session s JOIN membership m ON m.user_id = s.user_id AND m.company_id = s.company_id
                 WHERE s.user_id = u.id ORDER BY s.id DESC LIMIT 1),
                (SELECT MIN(m.company_id) FROM membership m WHERE m.user_id = u.id)) AS company_id
FROM app_user u WHERE (u.login = :login OR (u.email = :login AND u.email <> '')) AND u.disabled_at IS NULL
ORDER BY CASE WHEN u.login = :login THEN 0 ELSE 1 END LIMIT 1;

--: sign_in_by_email maybe
--: email text -> id id, login text, company_id id?
SELECT u.id, u.login,
       COALESCE((SELECT s.company_id FROM session s JOIN membership m ON m.user_id = s.user_id AND m.company_id = s.company_id
                 WHERE s.user_id = u.id ORDER BY s.id DESC LIMIT 1),
                (SELECT MIN(m.company_id) FROM membership m WHERE m.user_id = u.id)) AS company_id
FROM app_user u WHERE u.email = :email AND u.email <> '' AND u.disabled_at IS NULL;
