-- The words of search, and what stands behind them. Each range is cut before it is joined, so that a word everybody has costs no more
-- than one nobody has.

--: search_word_insert exec bulk
--: kind int, word text, id id, customer_id id ->
INSERT INTO search_word (company_id, kind, word, id, customer_id) VALUES (:company, :kind, :word, :id, :customer_id);

--: search_word_put exec
--: kind int, word text, id id, customer_id id ->
-- As insert, of a word that may be there.
INSERT INTO search_word (company_id, kind, word, id, customer_id) VALUES (:company, :kind, :word, :id, :customer_id)
ON CONFLICT (company_id, kind, word, id) DO NOTHING;

--: search_word_remove exec
--: kind int, word text, id id ->
DELETE FROM search_word WHERE company_id = :company AND kind = :kind AND word = :word AND id = :id;

--: search_words_clear exec
--: ->
DELETE FROM search_word WHERE company_id = :company;

--: search_head_get maybe
--: -> made_at stamp
SELECT made_at FROM search_head WHERE company_id = :company;

--: search_head_set exec
--: ->
INSERT INTO search_head (company_id, made_at) VALUES (:company, :now) ON CONFLICT (company_id) DO NOTHING;

--: search_word_spread one
--: kind int, from text, until text, limit int -> count int
-- How many rows begin so, counted no further than the limit.
SELECT COUNT(*) AS count FROM (SELECT 1 FROM search_word WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until
                               LIMIT :limit) AS counted;

--: find_name_spread one
--: from text, until text, limit int -> count int
SELECT COUNT(*) AS count FROM (SELECT 1 FROM customer WHERE company_id = :company AND name_folded >= :from AND name_folded < :until
                               LIMIT :limit) AS counted;

--: search_all_customers many
--: after id, limit int -> id id, name text, tax_id text
SELECT id, name, tax_id FROM customer WHERE company_id = :company AND id > :after ORDER BY id LIMIT :limit;

--: search_all_contacts many
--: after id, limit int -> id id, customer_id id, name text, email text, phone text, whatsapp text
SELECT id, customer_id, name, email, phone, whatsapp FROM contact
WHERE company_id = :company AND removed_at IS NULL AND id > :after ORDER BY id LIMIT :limit;

--: search_all_documents many
--: after id, limit int -> id id, customer_id id, reference text
SELECT id, customer_id, reference FROM document WHERE company_id = :company AND id > :after ORDER BY id LIMIT :limit;

--: search_all_payments many
--: after id, limit int -> id id, customer_id id, reference text, external_id text
SELECT id, customer_id, reference, COALESCE(external_id, '') AS external_id FROM payment
WHERE company_id = :company AND id > :after ORDER BY id LIMIT :limit;

--: search_all_notes many
--: after int, limit int -> seq int, customer_id id, data json
SELECT seq, customer_id, data FROM event
WHERE company_id = :company AND kind IN ('note.added', 'contact.made') AND customer_id IS NOT NULL AND seq > :after ORDER BY seq LIMIT :limit;

--: search_all_disputes many
--: after id, limit int -> id id, customer_id id, reason text
SELECT id, customer_id, reason FROM dispute WHERE company_id = :company AND id > :after ORDER BY id LIMIT :limit;

--: search_all_holds many
--: after id, limit int -> id id, customer_id id, reason text
SELECT id, customer_id, reason FROM hold WHERE company_id = :company AND customer_id IS NOT NULL AND id > :after ORDER BY id LIMIT :limit;

--: find_by_name many
--: from text, until text, second text, third text, reach int, limit int -> id id, code text, name text, tax_id text
-- Customers whose name begins so; the other words stand anywhere in it.
SELECT c.id, c.code, c.name, c.tax_id FROM (SELECT id, name_folded FROM customer
    WHERE company_id = :company AND name_folded >= :from AND name_folded < :until ORDER BY name_folded, id LIMIT :reach) AS begun
JOIN customer c ON c.id = begun.id
WHERE begun.name_folded LIKE '%' || :second || '%' AND begun.name_folded LIKE '%' || :third || '%' AND begun.id @seen LIMIT :limit;

--: find_by_code many
--: from text, until text, limit int -> like find_by_name
SELECT id, code, name, tax_id FROM customer
WHERE company_id = :company AND code >= :from AND code < :until AND id @seen ORDER BY code LIMIT :limit;

--: find_by_word many
--: kind int, from text, until text, second text, third text, reach int, limit int -> like find_by_name
-- Customers a word of whose name, or whose tax id, begins so.
SELECT c.id, c.code, c.name, c.tax_id FROM (SELECT id FROM search_word
    WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until ORDER BY word, id LIMIT :reach) AS w
JOIN customer c ON c.id = w.id
WHERE w.id @seen AND c.name_folded LIKE '%' || :second || '%' AND c.name_folded LIKE '%' || :third || '%' LIMIT :limit;

--: find_within_name many
--: text text, limit int -> like find_by_name
-- Anywhere in the name, in the order of the names; asked only when nothing else was found.
SELECT id, code, name, tax_id FROM customer
WHERE company_id = :company AND name_folded LIKE '%' || :text || '%' AND id @seen ORDER BY name_folded LIMIT :limit;

--: find_contacts many
--: kind int, from text, until text, reach int, limit int -> id id, customer_id id, customer_code text, customer_name text, name text, email text, phone text, whatsapp text
SELECT k.id, k.customer_id, c.code AS customer_code, c.name AS customer_name, k.name, k.email, k.phone, k.whatsapp
FROM (SELECT id, customer_id FROM search_word
    WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until ORDER BY word, id LIMIT :reach) AS w
JOIN contact k ON k.id = w.id JOIN customer c ON c.id = k.customer_id
WHERE w.customer_id @seen AND k.removed_at IS NULL LIMIT :limit;

--: find_documents many
--: from text, until text, limit int -> id id, number text, type text, reference text, currency currency, amount money, customer_code text, customer_name text
-- By how the number begins.
SELECT d.id, d.number, d.type, d.reference, d.currency, d.amount, c.code AS customer_code, c.name AS customer_name
FROM document d JOIN customer c ON c.id = d.customer_id
WHERE d.company_id = :company AND d.customer_id @seen AND d.number >= :from AND d.number < :until ORDER BY d.number LIMIT :limit;

--: find_documents_by_tail many
--: digits text, limit int -> like find_documents
-- "4711" of F-004711: what stands before the last digits is jumped over from one series to the next, at most forty of them.
WITH RECURSIVE series (head, place) AS (
    SELECT (SELECT rtrim(MIN(number), '0123456789') FROM document WHERE company_id = :company), 1
    UNION ALL
    SELECT (SELECT rtrim(MIN(d.number), '0123456789') FROM document d WHERE d.company_id = :company AND d.number > series.head || ':'),
           series.place + 1
    FROM series WHERE series.head IS NOT NULL AND series.place < 40
), zeros (text) AS (
    SELECT '' UNION ALL SELECT '0' UNION ALL SELECT '00' UNION ALL SELECT '000' UNION ALL SELECT '0000' UNION ALL SELECT '00000'
    UNION ALL SELECT '000000' UNION ALL SELECT '0000000' UNION ALL SELECT '00000000'
), wanted (number) AS (
    SELECT series.head || zeros.text || :digits FROM series, zeros WHERE series.head IS NOT NULL
)
SELECT d.id, d.number, d.type, d.reference, d.currency, d.amount, c.code AS customer_code, c.name AS customer_name
FROM document d JOIN customer c ON c.id = d.customer_id
WHERE d.company_id = :company AND d.number IN (SELECT number FROM wanted) AND d.customer_id @seen ORDER BY d.number LIMIT :limit;

--: find_documents_by_word many
--: kind int, from text, until text, reach int, limit int -> like find_documents
SELECT d.id, d.number, d.type, d.reference, d.currency, d.amount, c.code AS customer_code, c.name AS customer_name
FROM (SELECT id, customer_id FROM search_word
    WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until ORDER BY word, id LIMIT :reach) AS w
JOIN document d ON d.id = w.id JOIN customer c ON c.id = d.customer_id
WHERE w.customer_id @seen LIMIT :limit;

--: find_payments many
--: kind int, from text, until text, reach int, limit int -> id id, date date, reference text, external_id text, currency currency, amount money, reversed_seq int?, customer_code text, customer_name text
SELECT p.id, p.date, p.reference, COALESCE(p.external_id, '') AS external_id, p.currency, p.amount, p.reversed_seq,
       c.code AS customer_code, c.name AS customer_name
FROM (SELECT id, customer_id FROM search_word
    WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until ORDER BY word, id LIMIT :reach) AS w
JOIN payment p ON p.id = w.id JOIN customer c ON c.id = p.customer_id
WHERE w.customer_id @seen LIMIT :limit;

--: find_notes many
--: kind int, from text, until text, reach int, limit int -> seq int, at stamp, actor text, data json, customer_code text, customer_name text
-- The newest first: of those with the very word, and of those with a longer one.
SELECT e.seq, e.at, e.actor, e.data, c.code AS customer_code, c.name AS customer_name
FROM (SELECT id FROM (SELECT id FROM search_word WHERE company_id = :company AND kind = :kind AND word = :from AND customer_id @seen
                      ORDER BY id DESC LIMIT :reach) AS same
      UNION
      SELECT id FROM (SELECT id, customer_id FROM search_word WHERE company_id = :company AND kind = :kind AND word > :from AND word < :until
                      ORDER BY word, id LIMIT :reach) AS longer WHERE customer_id @seen) AS w
JOIN event e ON e.company_id = :company AND e.seq = w.id JOIN customer c ON c.id = e.customer_id
ORDER BY e.seq DESC LIMIT :limit;

--: find_disputes many
--: kind int, from text, until text, reach int, limit int -> id id, number text, reason text, at stamp, ended_at stamp?, actor text, customer_code text, customer_name text
SELECT x.id, d.number, x.reason, x.opened_at AS at, x.closed_at AS ended_at, x.actor, c.code AS customer_code, c.name AS customer_name
FROM (SELECT DISTINCT id FROM (SELECT id, customer_id FROM search_word
    WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until ORDER BY word, id LIMIT :reach) AS cut
    WHERE customer_id @seen) AS w
JOIN dispute x ON x.id = w.id JOIN document d ON d.id = x.document_id JOIN customer c ON c.id = x.customer_id
ORDER BY x.id DESC LIMIT :limit;

--: find_holds many
--: like find_disputes -> like find_disputes
SELECT h.id, COALESCE(d.number, '') AS number, h.reason, h.since AS at, h.released_at AS ended_at, h.actor, c.code AS customer_code,
       c.name AS customer_name
FROM (SELECT DISTINCT id FROM (SELECT id, customer_id FROM search_word
    WHERE company_id = :company AND kind = :kind AND word >= :from AND word < :until ORDER BY word, id LIMIT :reach) AS cut
    WHERE customer_id @seen) AS w
JOIN hold h ON h.id = w.id LEFT JOIN document d ON d.id = h.document_id JOIN customer c ON c.id = h.customer_id
ORDER BY h.id DESC LIMIT :limit;

--: find_messages many
--: message_id text, id id, limit int -> id id, status text, message_id text, address text, handed_at stamp?, planned_date date, customer_code text, customer_name text
-- By the id a mail program shows, or by our own number.
SELECT a.id, a.status, a.message_id, a.address, a.handed_at, a.planned_date, c.code AS customer_code, c.name AS customer_name
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.id = :id AND a.ladder = 'message' AND a.customer_id @seen
UNION ALL
SELECT a.id, a.status, a.message_id, a.address, a.handed_at, a.planned_date, c.code AS customer_code, c.name AS customer_name
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.message_id = :message_id AND a.message_id <> '' AND a.ladder = 'message' AND a.customer_id @seen
ORDER BY 1 DESC LIMIT :limit;
