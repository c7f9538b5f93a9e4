-- What pages ask beyond what commands do: counts of what waits, the queue of the day, one customer at a glance.

--: desk_counts one
--: -> approvals int, ambiguous int, tasks int, planned int, proposals int
SELECT (SELECT COUNT(*) FROM action WHERE company_id = :company AND customer_id @seen AND status = 'approval') AS approvals,
       (SELECT COUNT(*) FROM action WHERE company_id = :company AND customer_id @seen AND status = 'ambiguous') AS ambiguous,
       (SELECT COUNT(*) FROM action WHERE company_id = :company AND customer_id @seen AND status = 'open') AS tasks,
       (SELECT COUNT(*) FROM action WHERE company_id = :company AND customer_id @seen AND finished_at IS NULL AND ladder = 'message'
          AND status IN ('planned', 'deferred')) AS planned,
       (SELECT COUNT(*) FROM proposal WHERE company_id = :company AND status = 'open' AND (customer_id IS NULL OR customer_id @seen)) AS proposals;

--: desk_case_counts one
--: today date -> promises_today int, promises_late int, bounced int
SELECT (SELECT COUNT(*) FROM promise WHERE company_id = :company AND customer_id @seen AND date = :today AND settled_at IS NULL
          AND cancelled_at IS NULL) AS promises_today,
       (SELECT COUNT(*) FROM promise WHERE company_id = :company AND customer_id @seen AND date < :today AND settled_at IS NULL
          AND cancelled_at IS NULL) AS promises_late,
       (SELECT COUNT(*) FROM contact WHERE company_id = :company AND customer_id @seen AND email_state = 'bounced') AS bounced;

--: desk_dispute_counts one
--: today date -> disputes int, holds int
SELECT (SELECT COUNT(*) FROM dispute WHERE company_id = :company AND customer_id @seen AND closed_at IS NULL) AS disputes,
       (SELECT COUNT(*) FROM hold WHERE company_id = :company AND customer_id @seen AND released_at IS NULL
          AND (until_date IS NULL OR until_date >= :today)) AS holds;

--: desk_promised one
--: currency currency, today date -> amount money
-- Promised for today.
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM promise
WHERE company_id = :company AND customer_id @seen AND currency = :currency AND date = :today AND settled_at IS NULL AND cancelled_at IS NULL;

--: desk_collected one
--: currency currency, since date -> amount money
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM payment
WHERE company_id = :company AND customer_id @seen AND currency = :currency AND date >= :since AND reversed_seq IS NULL;

--: fragment waiting
-- An action that waits for a person, and what that person wants to know of the customer.
a.id, a.ladder, a.customer_id, c.code AS customer_code, c.name AS customer_name,
       COALESCE((SELECT k.name FROM contact k WHERE k.company_id = a.company_id AND k.customer_id = a.customer_id ORDER BY k.position, k.id LIMIT 1), '') AS contact_name,
       COALESCE((SELECT k.phone FROM contact k WHERE k.company_id = a.company_id AND k.customer_id = a.customer_id ORDER BY k.position, k.id LIMIT 1), '') AS phone,
       a.step, a.template, a.address, a.reason, a.currency, a.total, a.planned_date, a.not_before, a.handed_at,
       (SELECT MIN(i.due_date) FROM instalment i WHERE i.company_id = a.company_id AND i.customer_id = a.customer_id AND i.open > 0
          AND i.is_claim = 1) AS oldest_due,
       (SELECT MAX(m.handed_at) FROM action m WHERE m.company_id = a.company_id AND m.customer_id = a.customer_id
          AND m.handed_at IS NOT NULL) AS last_sent,
       (SELECT COUNT(*) FROM promise p WHERE p.company_id = a.company_id AND p.customer_id = a.customer_id AND p.outcome = 'broken') AS broken,
       CASE WHEN EXISTS (SELECT 1 FROM hold_reach h WHERE h.company_id = a.company_id AND h.customer_id = a.customer_id AND h.document_id IS NULL
                         AND h.released_at IS NULL AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held

--: desk_queue_ends one
--: -> first text, last text
-- The first and the last currency anything waits in.
SELECT COALESCE(MIN(first), '') AS first, COALESCE(MAX(last), '') AS last FROM (
    SELECT (SELECT MIN(a.currency) FROM action a WHERE a.company_id = :company AND a.status = 'open') AS first,
           (SELECT MAX(a.currency) FROM action a WHERE a.company_id = :company AND a.status = 'open') AS last
    UNION ALL
    SELECT (SELECT MIN(a.currency) FROM action a WHERE a.company_id = :company AND a.status = 'approval'),
           (SELECT MAX(a.currency) FROM action a WHERE a.company_id = :company AND a.status = 'approval')
    UNION ALL
    SELECT (SELECT MIN(a.currency) FROM action a WHERE a.company_id = :company AND a.status = 'ambiguous'),
           (SELECT MAX(a.currency) FROM action a WHERE a.company_id = :company AND a.status = 'ambiguous')
) AS ends;

--: fragment of_currency
AND a.currency >= :from_currency AND a.currency <= :to_currency AND a.currency <> :but

--: desk_approvals many
--: today date, from_currency text, to_currency text, but text, limit int -> id id, ladder text, customer_id id, customer_code text, customer_name text, contact_name text, phone text, step text, template text, address text, reason text, currency text, total money, planned_date date, not_before stamp?, handed_at stamp?, oldest_due date?, last_sent stamp?, broken int, held bool
-- What waits in this state, one currency after another, in each the largest sums first. One query a state: its index is for that state alone.
SELECT @@waiting
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'approval' @@of_currency
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT :limit;

--: desk_unknown many
--: like desk_approvals -> like desk_approvals
-- The same for messages whose fate nobody knows.
SELECT @@waiting
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'ambiguous' @@of_currency
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT :limit;

--: desk_tasks many
--: like desk_approvals -> like desk_approvals
-- The same for tasks.
SELECT @@waiting
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'open' @@of_currency
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT :limit;

--: desk_tasks_due many
--: like desk_approvals -> like desk_approvals
-- Tasks without what was put off to a later moment.
SELECT @@waiting
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'open' AND (a.not_before IS NULL OR a.not_before <= :now) @@of_currency
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT :limit;

--: desk_approval_ids many
--: from_currency text, to_currency text, but text, limit int -> id id
-- The first of desk_approvals, for whoever sees only some customers: to be remembered.
SELECT a.id FROM action a WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'approval' @@of_currency
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT :limit;

--: desk_task_ids many
--: like desk_approval_ids -> like desk_approval_ids
-- The first of desk_tasks, without what was put off.
SELECT a.id FROM action a
WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'open' AND (a.not_before IS NULL OR a.not_before <= :now) @@of_currency
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT :limit;

--: desk_waiting_of many
--: ids text, status text, today date -> like desk_approvals
-- Those of these that still wait in this state. `|| ''`: else SQLite walks the index of all that are in it.
SELECT @@waiting
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.id @among :ids AND a.status || '' = :status AND a.customer_id @seen_row
  AND (:status <> 'open' OR a.not_before IS NULL OR a.not_before <= :now)
ORDER BY a.currency DESC, a.total DESC, a.id DESC;

--: desk_promises many
--: today date, currency currency, limit int -> id id, customer_code text, customer_name text, date date, currency currency, amount money, paid money
-- Promises whose day has come, those in the currency first, then one currency after another; the largest first.
SELECT p.id, c.code AS customer_code, c.name AS customer_name, p.date, p.currency, p.amount,
       CAST(COALESCE((SELECT SUM(q.open_then - i.open) FROM promise_item q JOIN instalment i ON i.id = q.instalment_id
                      WHERE q.promise_id = p.id), 0) AS BIGINT) AS paid
FROM (SELECT id FROM promise
      WHERE company_id = :company AND customer_id @seen AND date <= :today AND settled_at IS NULL AND cancelled_at IS NULL
      ORDER BY CASE WHEN currency = :currency THEN 0 ELSE 1 END, currency, amount DESC, id LIMIT :limit) AS due
JOIN promise p ON p.id = due.id JOIN customer c ON c.id = p.customer_id
ORDER BY CASE WHEN p.currency = :currency THEN 0 ELSE 1 END, p.currency, p.amount DESC, p.id;

--: desk_bounced many
--: currency currency, limit int -> customer_code text, customer_name text, contact_name text, email text, phone text, currency text?, open money?
-- Addresses that do not work, of those who owe the most: in the currency first, then one currency after another. `+ 0`: else all sums of the
-- company are walked in their order, for each address.
SELECT customer_code, customer_name, contact_name, email, phone, currency, open FROM (
SELECT k.id, c.code AS customer_code, c.name AS customer_name, k.name AS contact_name, k.email, k.phone,
       (SELECT s.currency FROM standing s WHERE s.company_id = k.company_id AND s.customer_id = k.customer_id
        ORDER BY CASE WHEN s.currency = :currency AND s.open > 0 THEN 0 ELSE 1 END, s.open + 0 DESC LIMIT 1) AS currency,
       (SELECT s.open FROM standing s WHERE s.company_id = k.company_id AND s.customer_id = k.customer_id
        ORDER BY CASE WHEN s.currency = :currency AND s.open > 0 THEN 0 ELSE 1 END, s.open + 0 DESC LIMIT 1) AS open
FROM contact k JOIN customer c ON c.id = k.customer_id
WHERE k.company_id = :company AND k.customer_id @seen_row AND k.email_state = 'bounced') AS bounced
ORDER BY CASE WHEN currency = :currency THEN 0 ELSE 1 END, currency, open DESC, id LIMIT :limit;

--: desk_items many
--: customer_id id, today date, limit int -> id id, number text, position int, type text, issue_date date, due_date date, currency currency, amount money, open money, is_claim bool, disputed bool, held bool, promise_date date?, next_step text?, next_date date?, last_step text?
-- What is open of a customer, the oldest first.
SELECT i.id, d.number, i.position, d.type, i.issue_date, i.due_date, i.currency, i.amount, i.open, i.is_claim,
       CASE WHEN EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id
                         AND x.document_id = i.document_id AND x.closed_at IS NULL) THEN 1 ELSE 0 END AS disputed,
       CASE WHEN EXISTS (SELECT 1 FROM hold_reach h WHERE h.company_id = i.company_id AND h.customer_id = i.customer_id AND h.released_at IS NULL
                         AND (h.document_id IS NULL OR h.document_id = i.document_id)
                         AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held,
       (SELECT MIN(p.date) FROM promise p JOIN promise_item q ON q.promise_id = p.id
        WHERE p.company_id = i.company_id AND p.customer_id = i.customer_id AND q.instalment_id = i.id
          AND COALESCE(p.settled_at, 0) = 0 AND p.cancelled_at IS NULL) AS promise_date,
       (SELECT MAX(x.step) FROM action_item x JOIN action a ON a.id = x.action_id
        WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id AND x.instalment_id = i.id AND x.step <> '' AND x.live = 1
          AND a.finished_at IS NULL) AS next_step,
       (SELECT MIN(a.planned_date) FROM action_item x JOIN action a ON a.id = x.action_id
        WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id AND x.instalment_id = i.id AND x.step <> '' AND x.live = 1
          AND a.finished_at IS NULL) AS next_date,
       (SELECT a.step FROM action_item x JOIN action a ON a.id = x.action_id
        WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id AND x.instalment_id = i.id AND x.step <> '' AND x.live = 1 AND a.handed_at IS NOT NULL
        ORDER BY a.handed_at DESC LIMIT 1) AS last_step
FROM instalment i JOIN document d ON d.id = i.document_id
WHERE i.company_id = :company AND i.customer_id = :customer_id AND i.open > 0
ORDER BY i.is_claim DESC, i.due_date, i.id LIMIT :limit;

--: desk_customer_ageing many
--: customer_id id, today date -> currency currency, open money, overdue money, disputed money, credit money, not_due money, days_30 money, days_60 money, days_90 money, older money, oldest_due date?, items int
SELECT i.currency,
       CAST(SUM(CASE WHEN is_claim = 1 THEN open ELSE 0 END) AS BIGINT) AS open,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date < :today THEN open ELSE 0 END) AS BIGINT) AS overdue,
       CAST(SUM(CASE WHEN is_claim = 1 AND EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = i.company_id
                     AND x.customer_id = i.customer_id AND x.document_id = i.document_id AND x.closed_at IS NULL) THEN open ELSE 0 END) AS BIGINT) AS disputed,
       CAST(SUM(CASE WHEN is_claim = 0 THEN open ELSE 0 END) AS BIGINT) AS credit,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date >= :today THEN open ELSE 0 END) AS BIGINT) AS not_due,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date < :today AND due_date >= :today - 30 THEN open ELSE 0 END) AS BIGINT) AS days_30,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date < :today - 30 AND due_date >= :today - 60 THEN open ELSE 0 END) AS BIGINT) AS days_60,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date < :today - 60 AND due_date >= :today - 90 THEN open ELSE 0 END) AS BIGINT) AS days_90,
       CAST(SUM(CASE WHEN is_claim = 1 AND due_date < :today - 90 THEN open ELSE 0 END) AS BIGINT) AS older,
       MIN(CASE WHEN is_claim = 1 THEN due_date END) AS oldest_due,
       CAST(SUM(CASE WHEN is_claim = 1 THEN 1 ELSE 0 END) AS BIGINT) AS items
FROM instalment i WHERE i.company_id = :company AND i.customer_id = :customer_id AND i.open > 0
GROUP BY i.currency ORDER BY i.currency;

--: desk_spare_money many
--: customer_id id -> currency currency, unapplied money
SELECT currency, CAST(SUM(unapplied) AS BIGINT) AS unapplied FROM payment
WHERE company_id = :company AND customer_id = :customer_id AND unapplied > 0 GROUP BY currency ORDER BY currency;

--: desk_customer_promises many
--: customer_id id, limit int -> id id, date date, currency currency, amount money, paid money, outcome text?, cancelled_at stamp?, actor text, made_at stamp
SELECT p.id, p.date, p.currency, p.amount,
       CAST(COALESCE((SELECT SUM(q.open_then - i.open) FROM promise_item q JOIN instalment i ON i.id = q.instalment_id
                      WHERE q.promise_id = p.id), 0) AS BIGINT) AS paid,
       p.outcome, p.cancelled_at, p.actor, p.made_at
FROM promise p WHERE p.company_id = :company AND p.customer_id = :customer_id ORDER BY p.id DESC LIMIT :limit;

--: desk_promise_record one
--: customer_id id, since stamp -> settled int, kept int
SELECT COUNT(*) AS settled, CAST(COALESCE(SUM(CASE WHEN outcome = 'kept' THEN 1 ELSE 0 END), 0) AS BIGINT) AS kept
FROM promise WHERE company_id = :company AND customer_id = :customer_id AND settled_at IS NOT NULL AND made_at >= :since;

--: desk_customer_disputes many
--: customer_id id -> id id, number text, reason text, actor text, opened_at stamp, currency currency, open money
SELECT x.id, d.number, x.reason, x.actor, x.opened_at, d.currency,
       CAST(COALESCE((SELECT SUM(i.open) FROM instalment i WHERE i.document_id = d.id), 0) AS BIGINT) AS open
FROM dispute x JOIN document d ON d.id = x.document_id
WHERE x.company_id = :company AND x.customer_id = :customer_id AND x.closed_at IS NULL ORDER BY x.id;

--: desk_customer_holds many
--: customer_id id, today date -> id id, number text?, reason text, actor text, since stamp, until_date date?
SELECT h.id, d.number, h.reason, h.actor, h.since, h.until_date
FROM hold h LEFT JOIN document d ON d.id = h.document_id
WHERE h.company_id = :company AND h.customer_id = :customer_id AND h.released_at IS NULL
  AND (h.until_date IS NULL OR h.until_date >= :today) ORDER BY h.id;

--: desk_customer_waiting many
--: customer_id id -> id id, ladder text, status text, reason text, step text, template text, planned_date date, not_before stamp?, currency text, total money
-- Tasks, proposals and messages of a customer that are not finished.
SELECT id, ladder, status, reason, step, template, planned_date, not_before, currency, total FROM action
WHERE company_id = :company AND customer_id = :customer_id AND finished_at IS NULL AND status <> 'open'
UNION ALL
SELECT a.id, a.ladder, a.status, a.reason, a.step, a.template, a.planned_date, a.not_before, a.currency, a.total
FROM (SELECT DISTINCT x.action_id FROM action_item x
      WHERE x.company_id = :company AND x.customer_id = :customer_id AND x.step <> '' AND x.live = 1) AS own
CROSS JOIN action a WHERE a.id = own.action_id AND a.company_id = :company AND a.status = 'open'
ORDER BY 1 DESC;

--: desk_messages many
--: status text, customer_id id, before id, limit int -> id id, ladder text, customer_code text, customer_name text, contact_name text, address text, status text, reason text, step text, tone text, template text, planned_date date, not_before stamp?, handed_at stamp?, finished_at stamp?, currency text, total money, reply text
-- The newest first; `status` '' is all, customer_id 0 everybody.
SELECT a.id, a.ladder, c.code AS customer_code, c.name AS customer_name, COALESCE(k.name, '') AS contact_name, a.address, a.status,
       a.reason, a.step, a.tone, a.template, a.planned_date, a.not_before, a.handed_at, a.finished_at, a.currency, a.total, a.reply
FROM action a JOIN customer c ON c.id = a.customer_id LEFT JOIN contact k ON k.id = a.contact_id
WHERE a.company_id = :company AND a.customer_id @seen AND a.ladder = 'message' AND a.id < :before AND (:status = '' OR a.status = :status)
  AND (:customer_id = 0 OR a.customer_id = :customer_id)
ORDER BY a.id DESC LIMIT :limit;

--: desk_payments many
--: before id, limit int -> id id, customer_code text, customer_name text, date date, currency currency, amount money, unapplied money, reference text, method text, reversed_seq int?
SELECT p.id, c.code AS customer_code, c.name AS customer_name, p.date, p.currency, p.amount, p.unapplied, p.reference, p.method, p.reversed_seq
FROM payment p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND p.customer_id @seen AND p.id < :before ORDER BY p.id DESC LIMIT :limit;

--: desk_segments many
--: limit int -> segment text
-- From one to the next through the index, not through the customers.
WITH RECURSIVE found (segment, number) AS (
    SELECT (SELECT MIN(c.segment) FROM customer c WHERE c.company_id = :company AND c.segment > '' AND c.id @seen), 1
    UNION ALL
    SELECT (SELECT MIN(c.segment) FROM customer c WHERE c.company_id = :company AND c.segment > found.segment AND c.id @seen), found.number + 1
    FROM found WHERE found.segment IS NOT NULL AND found.number < :limit
)
SELECT segment FROM found WHERE segment IS NOT NULL ORDER BY segment;

--: fragment own_codes
(SELECT m.code FROM membership m WHERE m.company_id = :company AND m.code <> '' AND (m.user_id = :viewer OR (:viewer_team <> 0 AND m.team_id = :viewer_team)))

--: desk_segments_seen many
--: like desk_segments -> like desk_segments
-- The same for whoever sees only some customers: through these alone.
SELECT segment FROM (SELECT c.segment FROM customer c WHERE c.company_id = :company AND c.collector <> '' AND c.collector IN @@own_codes
                     UNION
                     SELECT c.segment FROM customer c WHERE c.company_id = :company AND c.seller <> '' AND c.seller IN @@own_codes) AS own
WHERE segment <> '' ORDER BY segment LIMIT :limit;

--: desk_sources many
--: -> kind text, last_at stamp
SELECT kind, last_at FROM data_source WHERE company_id = :company ORDER BY kind;

--: desk_start one
--: -> customers int, invoices int, contacts int, person_email text, ways_to_pay text, ways int, active int, rehearsed int, strategy text, strategy_name text
-- How far a new company has come.
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM customer WHERE company_id = :company LIMIT 1000) AS a) AS customers,
       (SELECT COUNT(*) FROM (SELECT 1 FROM document WHERE company_id = :company LIMIT 1000) AS b) AS invoices,
       (SELECT COUNT(*) FROM (SELECT 1 FROM contact WHERE company_id = :company AND email <> '' LIMIT 1000) AS d) AS contacts,
       person_email, ways_to_pay,
       (SELECT COUNT(*) FROM (SELECT 1 FROM way_to_pay WHERE company_id = :company LIMIT 1) AS w) AS ways,
       (SELECT COUNT(*) FROM strategy WHERE company_id = :company AND watermark IS NOT NULL) AS active,
       (SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE company_id = :company AND verb = 'rehearsal' AND outcome = 'OK' LIMIT 1) AS r) AS rehearsed,
       COALESCE((SELECT code FROM strategy WHERE company_id = :company AND is_default = 1), '') AS strategy,
       COALESCE((SELECT name FROM strategy WHERE company_id = :company AND is_default = 1), '') AS strategy_name
FROM company WHERE id = :company;
