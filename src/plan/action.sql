-- Planned actions and their items.

--: action_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM action;

--: action_insert exec bulk
--: id id, customer_id id, ladder text, strategy_id id, strategy_version int, step text, status text, reason text, reason_data json, planned_date date, not_before stamp?, tone text, template text, variant text, language text, channel text, contact_id id?, address text, currency text, total money, thread_id text ->
INSERT INTO action (id, company_id, customer_id, ladder, strategy_id, strategy_version, step, status, reason, reason_data,
                    planned_date, not_before, tone, template, variant, language, channel, contact_id, address, currency, total,
                    thread_id, created_at)
VALUES (:id, :company, :customer_id, :ladder, :strategy_id, :strategy_version, :step, :status, :reason, :reason_data,
        :planned_date, :not_before, :tone, :template, :variant, :language, :channel, :contact_id, :address, :currency, :total,
        :thread_id, :now);

--: action_replan exec
--: id id, strategy_id id, strategy_version int, step text, status text, reason text, reason_data json, planned_date date, not_before stamp?, tone text, template text, variant text, language text, channel text, contact_id id?, address text, currency text, total money ->
-- Decided anew before it was handed over.
UPDATE action SET strategy_id = :strategy_id, strategy_version = :strategy_version, step = :step, status = :status, reason = :reason,
       reason_data = :reason_data, planned_date = :planned_date, not_before = :not_before, tone = :tone, template = :template,
       variant = :variant, language = :language, channel = :channel, contact_id = :contact_id, address = :address,
       currency = :currency, total = :total
WHERE company_id = :company AND id = :id;

--: action_end exec
--: id id, status text, reason text, reason_data json ->
-- Ended without being handed over.
UPDATE action SET status = :status, reason = :reason, reason_data = :reason_data, finished_at = :now, lease_until = NULL
WHERE company_id = :company AND id = :id;

--: action_items_release exec
--: action_id id ->
-- Its (instalment, step) pairs may be planned again.
UPDATE action_item SET live = 0 WHERE company_id = :company AND action_id = :action_id;

--: action_items_delete exec
--: action_id id ->
-- Only of an action that was never handed over and is being decided anew.
DELETE FROM action_item WHERE company_id = :company AND action_id = :action_id;

--: action_item_insert exec bulk
--: action_id id, customer_id id, instalment_id id, step text, occurrence int, skipped text, open_then money ->
-- Live from the start, as the column says by itself.
INSERT INTO action_item (action_id, company_id, customer_id, instalment_id, step, occurrence, skipped, open_then)
VALUES (:action_id, :company, :customer_id, :instalment_id, :step, :occurrence, :skipped, :open_then);

--: actions_ready many
--: limit int, after id, dead_before stamp, letters bool -> id id, customer_id id, address text, fence int, claimed_by text, lease_until stamp?, resend bool
-- What may be claimed: planned, not before its time, not held by a living claim; letters, or all but letters. Steps in test mode never
-- leave.
SELECT id, customer_id, address, fence, claimed_by, lease_until, resend FROM action
WHERE company_id = :company AND ladder = 'message' AND finished_at IS NULL AND id > :after AND status IN ('planned', 'deferred') AND reason <> 'TEST_MODE'
  AND (not_before IS NULL OR not_before <= :now) AND (lease_until IS NULL OR lease_until <= :dead_before)
  AND CASE WHEN channel = 'letter' THEN 1 ELSE 0 END = :letters
ORDER BY id LIMIT :limit;

--: actions_ready_count one
--: letters bool -> count int
SELECT COUNT(*) AS count FROM action
WHERE company_id = :company AND ladder = 'message' AND finished_at IS NULL AND status IN ('planned', 'deferred') AND reason <> 'TEST_MODE'
  AND (not_before IS NULL OR not_before <= :now) AND CASE WHEN channel = 'letter' THEN 1 ELSE 0 END = :letters;

--: sent_per_day many
--: since date -> sent int
-- Messages handed over per day that had any.
SELECT COUNT(*) AS sent FROM action
WHERE company_id = :company AND ladder = 'message' AND status IN ('handing', 'sent', 'ambiguous', 'settled') AND planned_date >= :since
GROUP BY planned_date ORDER BY planned_date;
