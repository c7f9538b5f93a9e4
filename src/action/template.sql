-- Texts of the company's own, and what a preview speaks of.

--: message_override_latest one
--: -> latest id
-- Grows with every change: whoever keeps a library compares it.
SELECT COALESCE(MAX(id), 0) AS latest FROM message_override WHERE company_id = :company;

--: message_override_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM message_override;

--: message_overrides many
--: -> path text, text text, version int, at stamp, actor text
-- Those in force.
SELECT o.path, o.text, o.version, o.at, o.actor FROM message_override o
WHERE o.company_id = :company AND o.is_reset = 0
  AND o.version = (SELECT MAX(x.version) FROM message_override x WHERE x.company_id = o.company_id AND x.path = o.path)
ORDER BY o.path;

--: message_override_get maybe
--: path text -> text text, version int, is_reset bool, at stamp, actor text
-- The newest version of a path, in force or reset.
SELECT text, version, is_reset, at, actor FROM message_override WHERE company_id = :company AND path = :path
ORDER BY version DESC LIMIT 1;

--: message_override_version maybe
--: path text, version int -> like message_override_get
SELECT text, version, is_reset, at, actor FROM message_override
WHERE company_id = :company AND path = :path AND version = :version;

--: message_override_history many
--: after int, path text -> version int, is_reset bool, at stamp, actor text, text text
SELECT version, is_reset, at, actor, text FROM message_override WHERE company_id = :company AND path = :path AND version > :after ORDER BY version;

--: message_override_add exec
--: id id, path text, version int, is_reset bool, text text, actor text ->
INSERT INTO message_override (id, company_id, path, version, is_reset, text, actor, at)
VALUES (:id, :company, :path, :version, :is_reset, :text, :actor, :now);

--: preview_payment maybe
--: customer_id id -> date date, currency currency, amount money, reference text
SELECT date, currency, amount, reference FROM payment
WHERE company_id = :company AND customer_id = :customer_id AND reversed_seq IS NULL ORDER BY date DESC, id DESC LIMIT 1;

--: preview_promise maybe
--: customer_id id -> date date, currency currency, amount money
SELECT date, currency, amount FROM promise WHERE company_id = :company AND customer_id = :customer_id ORDER BY id DESC LIMIT 1;

--: preview_dispute maybe
--: customer_id id -> reason text, opened_at stamp, closed_at stamp?, outcome text?
SELECT reason, opened_at, closed_at, outcome FROM dispute WHERE company_id = :company AND customer_id = :customer_id
ORDER BY id DESC LIMIT 1;
