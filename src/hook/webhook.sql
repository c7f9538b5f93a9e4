-- Webhooks and what they are told.

--: webhook_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM webhook;

--: webhook_insert exec
--: id id, name text, url text, kinds text, secret blob, user_id id?, capabilities text, cursor_seq int, actor text ->
INSERT INTO webhook (id, company_id, name, url, kinds, secret, user_id, capabilities, state, cursor_seq, actor, created_at)
VALUES (:id, :company, :name, :url, :kinds, :secret, :user_id, :capabilities, 'on', :cursor_seq, :actor, :now);

--: webhook_get maybe
--: id id -> id id, name text, url text, kinds text, secret blob, old_secret blob?, old_until stamp?, user_id id?, capabilities text, state text, off_why text, off_at stamp?, cursor_seq int, cursor_part id, failures int, failing_since stamp?, wait_until stamp?, delivered_at stamp?, last_error text, created_at stamp, maker_login text, maker_role text, maker_scope text, maker_team id?, maker_disabled stamp?
-- With what its maker is now.
SELECT w.id, w.name, w.url, w.kinds, w.secret, w.old_secret, w.old_until, w.user_id, w.capabilities, w.state, w.off_why, w.off_at,
       w.cursor_seq, w.cursor_part, w.failures, w.failing_since, w.wait_until, w.delivered_at, w.last_error, w.created_at,
       COALESCE(u.login, '') AS maker_login, COALESCE(m.role, '') AS maker_role, COALESCE(m.scope, '') AS maker_scope,
       m.team_id AS maker_team, u.disabled_at AS maker_disabled
FROM webhook w LEFT JOIN app_user u ON u.id = w.user_id LEFT JOIN membership m ON m.company_id = w.company_id AND m.user_id = w.user_id
WHERE w.company_id = :company AND w.id = :id AND w.state <> 'removed';

--: webhook_all many bounded
--: -> like webhook_get
SELECT w.id, w.name, w.url, w.kinds, w.secret, w.old_secret, w.old_until, w.user_id, w.capabilities, w.state, w.off_why, w.off_at,
       w.cursor_seq, w.cursor_part, w.failures, w.failing_since, w.wait_until, w.delivered_at, w.last_error, w.created_at,
       COALESCE(u.login, '') AS maker_login, COALESCE(m.role, '') AS maker_role, COALESCE(m.scope, '') AS maker_scope,
       m.team_id AS maker_team, u.disabled_at AS maker_disabled
FROM webhook w LEFT JOIN app_user u ON u.id = w.user_id LEFT JOIN membership m ON m.company_id = w.company_id AND m.user_id = w.user_id
WHERE w.company_id = :company AND w.state <> 'removed' ORDER BY w.id;

--: webhook_work one
--: -> hooks int
-- How many have something to do now.
SELECT COUNT(*) AS hooks FROM webhook w JOIN company c ON c.id = w.company_id
WHERE w.company_id = :company AND w.state = 'on' AND (w.wait_until IS NULL OR w.wait_until <= :now)
  AND (w.cursor_seq < c.events
       OR EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.company_id = w.company_id AND d.webhook_id = w.id AND d.state = 'due'
                  AND d.next_at <= :now));

--: webhook_troubles one
--: -> off int, failing int
-- Those that switched themselves off, and those whose last attempt failed.
SELECT COALESCE(SUM(CASE WHEN state = 'off' AND off_why <> 'hand' THEN 1 ELSE 0 END), 0) AS off,
       COALESCE(SUM(CASE WHEN state = 'on' AND failing_since IS NOT NULL THEN 1 ELSE 0 END), 0) AS failing
FROM webhook WHERE company_id = :company;

--: webhook_set exec
--: id id, name text, url text, kinds text ->
UPDATE webhook SET name = :name, url = :url, kinds = :kinds WHERE company_id = :company AND id = :id;

--: webhook_set_secret exec
--: id id, secret blob, old_secret blob?, old_until stamp? ->
UPDATE webhook SET secret = :secret, old_secret = :old_secret, old_until = :old_until WHERE company_id = :company AND id = :id;

--: webhook_switch exec
--: id id, state text, off_why text, off_at stamp? ->
-- On again it begins without a past.
UPDATE webhook SET state = :state, off_why = :off_why, off_at = :off_at, failures = 0, failing_since = NULL, wait_until = NULL
WHERE company_id = :company AND id = :id;

--: webhook_remove exec
--: id id, nothing blob ->
-- The number is never given again; the secrets are gone.
UPDATE webhook SET state = 'removed', secret = :nothing, old_secret = NULL, url = '', off_at = :now WHERE company_id = :company AND id = :id;

--: webhook_move exec
--: id id, cursor_seq int, cursor_part id ->
UPDATE webhook SET cursor_seq = :cursor_seq, cursor_part = :cursor_part WHERE company_id = :company AND id = :id;

--: webhook_outcome exec
--: id id, failures int, failing_since stamp?, wait_until stamp?, delivered_at stamp?, last_error text ->
UPDATE webhook SET failures = :failures, failing_since = :failing_since, wait_until = :wait_until, delivered_at = :delivered_at,
    last_error = :last_error
WHERE company_id = :company AND id = :id;

--: webhook_head one
--: -> events int
SELECT events FROM company WHERE id = :company;

-- ---- from events to deliveries ----

--: webhook_events many bounded
--: after int, upto int -> seq int, kind text, customer_id id?, subject text
-- Of the customers the maker sees, and of none.
SELECT e.seq, e.kind, e.customer_id, e.subject FROM event e
WHERE e.company_id = :company AND e.seq > :after AND e.seq <= :upto AND (e.customer_id IS NULL OR e.customer_id @seen)
ORDER BY e.seq;

--: webhook_invoices many bounded
--: event_seq int, after id, limit int -> entry_id id, number text, customer_id id
-- Invoices, notes and advances an event booked: by the charge of their first instalment.
SELECT n.id AS entry_id, d.number, d.customer_id
FROM entry n JOIN instalment i ON i.id = n.instalment_id JOIN document d ON d.id = i.document_id
WHERE n.company_id = :company AND n.event_seq = :event_seq AND n.id > :after AND n.kind = 'charge'
  AND i.position = (SELECT MIN(o.position) FROM instalment o WHERE o.document_id = i.document_id)
  AND d.customer_id @seen
ORDER BY n.id LIMIT :limit;

--: webhook_delivery_insert exec bulk
--: webhook_id id, event_seq int, part id, kind text, customer_id id, subject text ->
INSERT INTO webhook_delivery (company_id, webhook_id, event_seq, part, kind, customer_id, subject, state, created_at)
VALUES (:company, :webhook_id, :event_seq, :part, :kind, :customer_id, :subject, 'queued', :now);

--: webhook_promote exec
--: webhook_id id, customer_id id ->
-- The first open delivery about a customer becomes due, unless one is.
UPDATE webhook_delivery SET state = 'due', next_at = :now
WHERE company_id = :company AND webhook_id = :webhook_id AND customer_id = :customer_id AND closed_at IS NULL AND state = 'queued'
  AND NOT EXISTS (SELECT 1 FROM webhook_delivery o WHERE o.company_id = :company AND o.webhook_id = :webhook_id
                  AND o.customer_id = :customer_id AND o.closed_at IS NULL AND o.state = 'due')
  AND (event_seq, part) = (SELECT f.event_seq, f.part FROM webhook_delivery f
                           WHERE f.company_id = :company AND f.webhook_id = :webhook_id AND f.customer_id = :customer_id
                             AND f.closed_at IS NULL AND f.part >= 0 ORDER BY f.event_seq, f.part LIMIT 1);

--: webhook_open_count one
--: webhook_id id, most int -> open int
-- At most `most`.
SELECT COUNT(*) AS open FROM (SELECT 1 AS one FROM webhook_delivery WHERE company_id = :company AND webhook_id = :webhook_id
                              AND closed_at IS NULL LIMIT :most) AS o;

-- ---- delivering ----

--: webhook_due many bounded
--: webhook_id id, limit int -> event_seq int, part id, kind text, customer_id id, subject text, attempts int, tried_from stamp?
SELECT event_seq, part, kind, customer_id, subject, attempts, tried_from FROM webhook_delivery
WHERE company_id = :company AND webhook_id = :webhook_id AND state = 'due' AND next_at <= :now
ORDER BY next_at, event_seq, part LIMIT :limit;

--: webhook_event maybe
--: seq int -> at stamp, actor text, kind text, subject text, data json
SELECT at, actor, kind, subject, data FROM event WHERE company_id = :company AND seq = :seq;

--: webhook_customer maybe
--: id id -> code text
SELECT code FROM customer WHERE company_id = :company AND id = :id;

--: webhook_tried exec
--: webhook_id id, event_seq int, part id, state text, next_at stamp?, attempts int, tried_from stamp?, status int, answer text, duration_ms int, closed_at stamp? ->
UPDATE webhook_delivery SET state = :state, next_at = :next_at, attempts = :attempts, tried_from = :tried_from, tried_at = :now,
    status = :status, answer = :answer, duration_ms = :duration_ms, closed_at = :closed_at
WHERE company_id = :company AND webhook_id = :webhook_id AND event_seq = :event_seq AND part = :part AND closed_at IS NULL;

--: webhook_forget exec
--: before stamp ->
DELETE FROM webhook_delivery WHERE company_id = :company AND closed_at < :before;

--: webhook_forget_all exec
--: webhook_id id ->
DELETE FROM webhook_delivery WHERE company_id = :company AND webhook_id = :webhook_id;

-- ---- for people ----

--: webhook_sums one
--: webhook_id id -> waiting int, failed int
SELECT (SELECT COUNT(*) FROM webhook_delivery d WHERE d.company_id = :company AND d.webhook_id = :webhook_id AND d.closed_at IS NULL AND d.part >= 0) AS waiting,
       (SELECT COUNT(*) FROM webhook_delivery f WHERE f.company_id = :company AND f.webhook_id = :webhook_id AND f.state = 'failed' AND f.part >= 0) AS failed;

--: webhook_deliveries many
--: webhook_id id, any_state bool, state text, before_seq int, before_part id, limit int -> event_seq int, part id, kind text, customer_code text, subject text, state text, next_at stamp?, attempts int, tried_at stamp?, status int, answer text, duration_ms int, created_at stamp, closed_at stamp?
-- Newest first.
SELECT d.event_seq, d.part, d.kind, COALESCE(c.code, '') AS customer_code, d.subject, d.state, d.next_at, d.attempts, d.tried_at, d.status,
       d.answer, d.duration_ms, d.created_at, d.closed_at
FROM webhook_delivery d LEFT JOIN customer c ON c.id = d.customer_id
WHERE d.company_id = :company AND d.webhook_id = :webhook_id AND (:any_state = 1 OR d.state = :state)
  AND (d.event_seq < :before_seq OR (d.event_seq = :before_seq AND d.part < :before_part))
ORDER BY d.event_seq DESC, d.part DESC LIMIT :limit;

--: webhook_delivery_get maybe
--: webhook_id id, event_seq int, part id -> kind text, customer_id id, subject text, state text
SELECT kind, customer_id, subject, state FROM webhook_delivery
WHERE company_id = :company AND webhook_id = :webhook_id AND event_seq = :event_seq AND part = :part;

--: webhook_failed many bounded
--: webhook_id id, limit int -> event_seq int, part id, customer_id id
SELECT event_seq, part, customer_id FROM webhook_delivery
WHERE company_id = :company AND webhook_id = :webhook_id AND state = 'failed' AND part >= 0 ORDER BY event_seq, part LIMIT :limit;

--: webhook_reopen exec
--: webhook_id id, event_seq int, part id ->
UPDATE webhook_delivery SET state = 'queued', next_at = NULL, attempts = 0, tried_from = NULL, closed_at = NULL
WHERE company_id = :company AND webhook_id = :webhook_id AND event_seq = :event_seq AND part = :part AND closed_at IS NOT NULL;

--: webhook_test_part one
--: webhook_id id, event_seq int -> part id
-- For the next test: below every other of the same moment.
SELECT COALESCE(MIN(part), 0) - 1 AS part FROM webhook_delivery
WHERE company_id = :company AND webhook_id = :webhook_id AND event_seq = :event_seq AND part < 0;

--: webhook_test_insert exec
--: webhook_id id, event_seq int, part id, kind text ->
-- Never due: whoever made it sends it.
INSERT INTO webhook_delivery (company_id, webhook_id, event_seq, part, kind, customer_id, subject, state, created_at)
VALUES (:company, :webhook_id, :event_seq, :part, :kind, 0, '', 'queued', :now);

--: webhook_retry_now exec
--: webhook_id id ->
UPDATE webhook_delivery SET next_at = :now WHERE company_id = :company AND webhook_id = :webhook_id AND state = 'due' AND next_at > :now;

--: webhook_wait_no_more exec
--: id id ->
UPDATE webhook SET wait_until = NULL WHERE company_id = :company AND id = :id;

--: webhook_skip_open exec
--: webhook_id id ->
DELETE FROM webhook_delivery WHERE company_id = :company AND webhook_id = :webhook_id AND closed_at IS NULL;
