-- The outbox as people see it: lists, the history of one message, and what a person decides about it.

--: message_list many
--: after id, status text, all_statuses bool, customer_id id, all_customers bool -> id id, customer_code text, contact_name text, channel text, address text, status text, reason text, reason_data json, step text, tone text, template text, planned_date date, not_before stamp?, message_id text, currency text, total money, attempts int, handed_at stamp?, finished_at stamp?, reply text, number text?, position int?, item_step text?, occurrence int?, open_then money?, item_currency text?
-- One row per item, the message repeated; a message without items has one row with NULLs.
SELECT a.id, c.code AS customer_code, COALESCE(k.name, '') AS contact_name, a.channel, a.address, a.status, a.reason, a.reason_data,
       a.step, a.tone, a.template, a.planned_date, a.not_before, a.message_id, a.currency, a.total, a.attempts, a.handed_at,
       a.finished_at, a.reply, d.number, i.position, x.step AS item_step, x.occurrence, x.open_then, i.currency AS item_currency
FROM action a JOIN customer c ON c.id = a.customer_id
LEFT JOIN contact k ON k.id = a.contact_id
LEFT JOIN action_item x ON x.action_id = a.id
LEFT JOIN instalment i ON i.id = x.instalment_id
LEFT JOIN document d ON d.id = i.document_id
WHERE a.company_id = :company AND a.id > :after AND a.ladder = 'message' AND (:all_statuses = 1 OR a.status = :status)
  AND (:all_customers = 1 OR a.customer_id = :customer_id) AND a.customer_id @seen
ORDER BY a.id, i.due_date, i.id;

--: message_get maybe
--: id id -> id id, customer_id id, customer_code text, customer_name text, contact_name text, ladder text, channel text, address text, status text, reason text, reason_data json, step text, tone text, template text, variant text, language text, strategy_version int, planned_date date, not_before stamp?, message_id text, thread_id text, currency text, total money, attempts int, handed_at stamp?, finished_at stamp?, reply text, body_hash blob?, fence int, resend bool
SELECT a.id, a.customer_id, c.code AS customer_code, c.name AS customer_name, COALESCE(k.name, '') AS contact_name, a.ladder, a.channel, a.address, a.status,
       a.reason, a.reason_data, a.step, a.tone, a.template, a.variant, a.language, a.strategy_version, a.planned_date, a.not_before,
       a.message_id, a.thread_id, a.currency, a.total, a.attempts, a.handed_at, a.finished_at, a.reply, a.body_hash, a.fence,
       a.resend
FROM action a JOIN customer c ON c.id = a.customer_id LEFT JOIN contact k ON k.id = a.contact_id
WHERE a.company_id = :company AND a.id = :id AND a.customer_id @seen;

--: message_items many
--: action_id id -> number text, position int, step text, occurrence int, skipped text, open_then money, currency currency, live bool, due_date date
SELECT d.number, i.position, x.step, x.occurrence, x.skipped, x.open_then, i.currency, x.live, i.due_date
FROM action_item x JOIN instalment i ON i.id = x.instalment_id JOIN document d ON d.id = i.document_id
WHERE x.company_id = :company AND x.action_id = :action_id ORDER BY i.due_date, i.id;

--: message_history many
--: customer_id id, subject text -> seq int, at stamp, actor text, kind text, data json
-- What the timeline says about one action, oldest first.
SELECT seq, at, actor, kind, data FROM event
WHERE company_id = :company AND customer_id = :customer_id AND subject = :subject
  AND (kind LIKE 'message.%' OR kind LIKE 'task.%' OR kind LIKE 'state.%')
ORDER BY seq;

--: message_confirm exec
--: id id ->
-- A person approved this step of it.
UPDATE action SET status = 'planned', reason = 'CONFIRMED', confirmed_step = step, not_before = NULL
WHERE company_id = :company AND id = :id AND status = 'approval';

--: message_cancel exec
--: id id, reason_data json ->
-- Its pairs stay live: what a person cancelled is not proposed again.
UPDATE action SET status = 'cancelled', reason = 'CANCELLED', reason_data = :reason_data, finished_at = :now, lease_until = NULL
WHERE company_id = :company AND id = :id AND status IN ('planned', 'approval', 'deferred');

--: action_done exec
--: id id, reason_data json ->
-- A task somebody did, or a proposal somebody approved.
UPDATE action SET status = 'done', reason_data = :reason_data, finished_at = :now
WHERE company_id = :company AND id = :id AND status IN ('open', 'approval');

--: message_settle_sent exec
--: id id ->
UPDATE action SET status = 'settled', reason = 'SETTLED_SENT', finished_at = :now
WHERE company_id = :company AND id = :id AND status = 'ambiguous';

--: message_settle_not_sent exec
--: id id ->
-- It ended without having left: the bytes stay as evidence of what was tried.
UPDATE action SET status = 'failed', reason = 'SETTLED_NOT_SENT', finished_at = :now, handed_at = NULL
WHERE company_id = :company AND id = :id AND status = 'ambiguous';

--: message_settle_resend exec
--: id id ->
-- The same bytes are to be handed over once more; handed_at still tells of the first time.
UPDATE action SET status = 'planned', reason = 'RESEND', resend = 1, not_before = NULL, lease_until = NULL, finished_at = NULL,
       attempts = 0, first_attempt_at = NULL
WHERE company_id = :company AND id = :id AND status = 'ambiguous';

--: approval_list many
--: after id -> id id, ladder text, customer_code text, customer_name text, step text, template text, address text, planned_date date, currency text, total money
SELECT a.id, a.ladder, c.code AS customer_code, c.name AS customer_name, a.step, a.template, a.address, a.planned_date, a.currency, a.total
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.id > :after AND a.status = 'approval' AND a.customer_id @seen ORDER BY a.id;

--: task_list many
--: after id, only_open bool, customer_id id, all_customers bool -> id id, customer_code text, customer_name text, step text, template text, status text, reason text, planned_date date, currency text, total money, created_at stamp, finished_at stamp?
SELECT a.id, c.code AS customer_code, c.name AS customer_name, a.step, a.template, a.status, a.reason, a.planned_date, a.currency,
       a.total, a.created_at, a.finished_at
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.id > :after AND a.ladder = 'task' AND (:only_open = 0 OR a.status = 'open')
  AND (:all_customers = 1 OR a.customer_id = :customer_id) AND a.customer_id @seen
ORDER BY a.id;
