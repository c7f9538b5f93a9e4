-- Queries of db_test.c over a table of every type.

--: thing_add exec bulk
--: id id, whole int?, flag bool, maybe_flag bool?, day date, at stamp, name text, note text?, bytes blob?, rate real?, currency currency, other_currency currency? ->
INSERT INTO thing (id, company_id, whole, flag, maybe_flag, day, at, name, note, bytes, rate, currency, other_currency, made_at)
VALUES (:id, :company, :whole, :flag, :maybe_flag, :day, :at, :name, :note, :bytes, :rate, :currency, :other_currency, :now)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, made_at = :now;

--: thing_put exec bulk
--: id id, whole int?, flag bool, maybe_flag bool?, day date, at stamp, name text, note text?, bytes blob?, rate real?, currency currency, other_currency currency? ->
-- Nothing but parameters: PostgreSQL copies many of them in.
INSERT INTO thing (id, company_id, whole, flag, maybe_flag, day, at, name, note, bytes, rate, currency, other_currency, made_at)
VALUES (:id, :company, :whole, :flag, :maybe_flag, :day, :at, :name, :note, :bytes, :rate, :currency, :other_currency, :now);

--: thing_add_new exec
--: id id, name text ->
-- Refuses what is there already.
INSERT INTO thing (id, company_id, flag, name, currency, made_at) VALUES (:id, :company, 0, :name, '', :now);

--: thing_by_id maybe
--: id id -> id id, company_id id, whole int?, flag bool, maybe_flag bool?, day date, at stamp, name text, note text?, bytes blob?, rate real?, currency currency, other_currency currency?, made_at stamp
SELECT id, company_id, whole, flag, maybe_flag, day, at, name, note, bytes, rate, currency, other_currency, made_at -- ':id' is no parameter here
FROM thing WHERE id = :id AND ':id' <> '' AND company_id = :company AND id = :id;

--: thing_id_of_name maybe lookup
--: name text, least id -> id id
SELECT id FROM thing WHERE company_id = :company AND name = :name AND id >= :least;

--: thing_get one
--: id id -> like thing_by_id
SELECT id, company_id, whole, flag, maybe_flag, day, at, name, note, bytes, rate, currency, other_currency, made_at FROM thing WHERE id = :id;

--: thing_from one
--: id id -> id id
SELECT id FROM thing WHERE id >= :id;

--: thing_list many
--: name text, least id -> id id, name text
SELECT id, name FROM thing WHERE name = :name AND id >= :least ORDER BY id;

--: thing_those many
--: ids text, name text -> like thing_list
SELECT id, name FROM thing WHERE id @among :ids AND name = :name ORDER BY id;

--: thing_by_name many
--: -> name text
SELECT name FROM thing ORDER BY name;

--: thing_count one
--: -> count int, total int
SELECT count(*), CAST(coalesce(sum(id), 0) AS BIGINT) FROM thing;

--: thing_rename exec
--: id id, name text ->
UPDATE thing SET name = :name WHERE id = :id;

--: thing_rename_all many
--: from_name text, to_name text -> id id
UPDATE thing SET name = :to_name WHERE name = :from_name RETURNING id;

--: thing_shift exec
--: id id ->
UPDATE thing SET id = id + 100000 WHERE id = :id;

--: thing_delete exec
--: name text ->
DELETE FROM thing WHERE name = :name;

--: counter_get one
--: -> value int
SELECT value FROM counter WHERE id = 1;

--: counter_set exec
--: value int ->
UPDATE counter SET value = :value WHERE id = 1;

--: fixed_add exec
--: id id ->
INSERT INTO fixed (id) VALUES (:id);

--: fixed_touch exec
--: id id ->
UPDATE fixed SET id = :id;

--: fixed_drop exec
--: ->
DELETE FROM fixed;

--: child_add exec
--: id id, thing_id id ->
INSERT INTO child (id, thing_id) VALUES (:id, :thing_id);

--: wrong_type one
--: -> name int
SELECT name FROM thing;
