-- Lists as people look at them, under a name.

--: filter_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM saved_filter;

--: filter_put exec
--: id id, user_id id, list text, name text, query text, is_shared bool ->
-- Under a name that is there it takes the place of what was saved.
INSERT INTO saved_filter (id, company_id, user_id, list, name, query, is_shared, created_at)
VALUES (:id, :company, :user_id, :list, :name, :query, :is_shared, :now)
ON CONFLICT (company_id, user_id, list, name) DO UPDATE SET query = excluded.query, is_shared = excluded.is_shared;

--: filter_list many
--: user_id id, list text, after text, after_id id -> id id, name text, query text, is_shared bool, is_mine bool, is_default bool, owner_id id
-- One's own and those shared by others.
SELECT f.id, f.name, f.query, f.is_shared, CASE WHEN f.user_id = :user_id THEN 1 ELSE 0 END AS is_mine,
       CASE WHEN EXISTS (SELECT 1 FROM saved_filter_default d WHERE d.company_id = f.company_id AND d.user_id = :user_id AND d.list = f.list
                         AND d.filter_id = f.id) THEN 1 ELSE 0 END AS is_default, f.user_id AS owner_id
FROM saved_filter f WHERE f.company_id = :company AND f.list = :list AND (f.user_id = :user_id OR f.is_shared = 1)
  AND (f.name > :after OR (f.name = :after AND f.id > :after_id)) ORDER BY f.name, f.id;

--: filter_seen maybe
--: id id, user_id id -> list text, is_mine bool
SELECT list, CASE WHEN user_id = :user_id THEN 1 ELSE 0 END AS is_mine FROM saved_filter
WHERE company_id = :company AND id = :id AND (user_id = :user_id OR is_shared = 1);

--: filter_forget_defaults exec
--: id id ->
DELETE FROM saved_filter_default WHERE company_id = :company AND filter_id = :id;

--: filter_remove exec
--: id id ->
DELETE FROM saved_filter WHERE company_id = :company AND id = :id;

--: filter_default_put exec
--: user_id id, list text, filter_id id ->
INSERT INTO saved_filter_default (company_id, user_id, list, filter_id) VALUES (:company, :user_id, :list, :filter_id)
ON CONFLICT (company_id, user_id, list) DO UPDATE SET filter_id = excluded.filter_id;

--: filter_default_clear exec
--: user_id id, list text ->
DELETE FROM saved_filter_default WHERE company_id = :company AND user_id = :user_id AND list = :list;

--: filter_default_get maybe
--: user_id id, list text -> query text
SELECT f.query FROM saved_filter_default d JOIN saved_filter f ON f.id = d.filter_id
WHERE d.company_id = :company AND d.user_id = :user_id AND d.list = :list AND (f.user_id = :user_id OR f.is_shared = 1);
