-- Who follows customers, and who sees whose: for changes to many customers.

--: collector_all many
--: -> code text, name text, login text, customers int
-- Everybody with a code of their own, and codes of the books that are nobody's; the latter without login.
SELECT m.code, CASE WHEN u.name <> '' THEN u.name ELSE u.login END AS name, u.login,
       (SELECT COUNT(*) FROM customer c WHERE c.company_id = :company AND c.collector <> '' AND c.collector = m.code) AS customers
FROM membership m JOIN app_user u ON u.id = m.user_id WHERE m.company_id = :company AND m.code <> '' AND u.disabled_at IS NULL
UNION ALL
SELECT c.collector AS code, '' AS name, '' AS login, COUNT(*) AS customers FROM customer c
WHERE c.company_id = :company AND c.collector <> '' AND NOT EXISTS
  (SELECT 1 FROM membership m JOIN app_user u ON u.id = m.user_id WHERE m.company_id = :company AND m.code = c.collector AND u.disabled_at IS NULL)
GROUP BY c.collector ORDER BY 2, 1;

--: collector_lose many
--: old_code text, new_code text -> login text, name text, scope text
-- Who sees customers by the one code, their own or their team's, and not by the other.
SELECT u.login, CASE WHEN u.name <> '' THEN u.name ELSE u.login END AS name, m.scope FROM membership m JOIN app_user u ON u.id = m.user_id
WHERE m.company_id = :company AND u.disabled_at IS NULL AND m.scope <> 'all' AND :old_code <> ''
  AND (m.code = :old_code OR (m.scope = 'team' AND EXISTS
    (SELECT 1 FROM membership o WHERE o.company_id = :company AND o.team_id = m.team_id AND o.code = :old_code)))
  AND NOT (m.code = :new_code OR (m.scope = 'team' AND EXISTS
    (SELECT 1 FROM membership o WHERE o.company_id = :company AND o.team_id = m.team_id AND o.code = :new_code)))
ORDER BY 2;
