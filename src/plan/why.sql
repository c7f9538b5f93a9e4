-- What `why` asks beyond the planner's snapshot: single documents, and how things stood on an earlier day.

--: why_instalments many
--: document_id id, until date -> id id, number text, position int, is_claim bool, open money, last_date date?
-- What was open of a document at the end of a day, and when it last changed.
SELECT i.id, d.number, i.position, i.is_claim, CAST(COALESCE(SUM(e.amount), 0) AS BIGINT) AS open, MAX(e.date) AS last_date
FROM instalment i JOIN document d ON d.id = i.document_id LEFT JOIN entry e ON e.instalment_id = i.id AND e.date <= :until
WHERE i.company_id = :company AND i.document_id = :document_id
GROUP BY i.id, d.number, i.position, i.is_claim ORDER BY i.position, i.id;

--: why_items_then many
--: customer_id id, until date, before stamp -> id id, document_id id, number text, position int, type text, issue_date date, due_date date, currency currency, amount money, open money, reference text
-- Claims open on a day. What lowered them counts when it was recorded by then.
SELECT i.id, i.document_id, d.number, i.position, d.type, i.issue_date, i.due_date, i.currency, i.amount,
       CAST(SUM(e.amount) AS BIGINT) AS open, d.reference
FROM instalment i JOIN document d ON d.id = i.document_id JOIN entry e ON e.instalment_id = i.id
JOIN event v ON v.company_id = e.company_id AND v.seq = e.event_seq
WHERE i.company_id = :company AND i.customer_id = :customer_id AND i.is_claim = 1 AND e.date <= :until
  AND (e.kind = 'charge' OR v.at < :before)
GROUP BY i.id, i.document_id, d.number, i.position, d.type, i.issue_date, i.due_date, i.currency, i.amount, d.reference
HAVING SUM(e.amount) > 0 ORDER BY i.due_date, i.id;

--: why_credits_then many
--: customer_id id, until date, before stamp -> currency currency, unapplied money
-- Payments and credit notes not applied on a day, as recorded by then.
SELECT currency, CAST(SUM(spare) AS BIGINT) AS unapplied FROM (
    SELECT p.currency, p.amount + COALESCE((SELECT SUM(e.amount) FROM entry e
           JOIN event v ON v.company_id = e.company_id AND v.seq = e.event_seq
           WHERE e.payment_id = p.id AND e.date <= :until AND v.at < :before), 0)
           - COALESCE((SELECT SUM(r.amount) FROM refund r JOIN event v ON v.company_id = r.company_id AND v.seq = r.event_seq
           WHERE r.payment_id = p.id AND r.date <= :until AND v.at < :before), 0) AS spare
    FROM payment p JOIN event b ON b.company_id = p.company_id AND b.seq = p.event_seq
    WHERE p.company_id = :company AND p.customer_id = :customer_id AND p.date <= :until AND b.at < :before
      AND (p.reversed_seq IS NULL OR EXISTS (SELECT 1 FROM event r WHERE r.company_id = p.company_id AND r.seq = p.reversed_seq
                                             AND r.at >= :before))
    UNION ALL
    SELECT i.currency, SUM(e.amount) AS spare
    FROM instalment i JOIN entry e ON e.instalment_id = i.id JOIN event v ON v.company_id = e.company_id AND v.seq = e.event_seq
    WHERE i.company_id = :company AND i.customer_id = :customer_id AND i.is_claim = 0 AND e.date <= :until
      AND (e.kind = 'charge' OR v.at < :before)
    GROUP BY i.id, i.currency) AS then_spare
GROUP BY currency HAVING SUM(spare) > 0 ORDER BY currency;

--: why_progress_then many
--: customer_id id, day date -> instalment_id id, step text, occurrence int, skipped text, planned_date date
-- Steps done before a day.
SELECT x.instalment_id, x.step, x.occurrence, x.skipped, a.planned_date
FROM action_item x JOIN action a ON a.id = x.action_id
WHERE x.company_id = :company AND x.customer_id = :customer_id AND x.live = 1 AND x.step <> ''
  AND a.status NOT IN ('planned', 'approval', 'deferred') AND a.planned_date < :day
ORDER BY x.instalment_id, a.planned_date;

--: why_holds_then many
--: customer_id id, day date, first stamp, before stamp -> document_id id?, reason text, until_date date?, id id
SELECT document_id, reason, until_date, id FROM hold_reach
WHERE company_id = :company AND customer_id = :customer_id AND since < :before AND (released_at IS NULL OR released_at >= :first)
  AND (until_date IS NULL OR until_date >= :day)
ORDER BY id;

--: why_disputes_then many
--: customer_id id, first stamp, before stamp -> document_id id
SELECT document_id FROM dispute
WHERE company_id = :company AND customer_id = :customer_id AND opened_at < :before AND (closed_at IS NULL OR closed_at >= :first)
ORDER BY id;

--: why_promises_then many
--: customer_id id, first stamp, before stamp -> id id, instalment_id id, date date, kept bool
-- Promises made by then and not cancelled yet.
SELECT p.id, q.instalment_id, p.date,
       CASE WHEN p.outcome = 'kept' AND p.settled_at < :before THEN 1 ELSE 0 END AS kept
FROM promise p JOIN promise_item q ON q.promise_id = p.id
WHERE p.company_id = :company AND p.customer_id = :customer_id AND p.made_at < :before
  AND (p.cancelled_at IS NULL OR p.cancelled_at >= :first)
ORDER BY p.date, p.id;

--: why_activation maybe
--: id id -> activated_at stamp?
SELECT activated_at FROM strategy WHERE company_id = :company AND id = :id;

--: why_actions many
--: customer_id id, document_id id, whole_customer bool, day date, first stamp, before stamp -> id id, ladder text, step text, status text, reason text, channel text, not_before stamp?, handed_at stamp?
-- What was done or decided on a day. Each kind of action is found by an index of its own: handed over, pending, ended unsent, open tasks.
SELECT a.id, a.ladder, a.step, a.status, a.reason, a.channel, a.not_before, a.handed_at FROM action a
WHERE a.id IN (
    SELECT h.id FROM action h WHERE h.company_id = :company AND h.customer_id = :customer_id AND h.handed_at IS NOT NULL
    UNION ALL
    SELECT p.id FROM action p WHERE p.company_id = :company AND p.customer_id = :customer_id AND p.finished_at IS NULL AND p.status <> 'open'
    UNION ALL
    SELECT e.id FROM action e WHERE e.company_id = :company AND e.customer_id = :customer_id AND e.finished_at IS NOT NULL AND e.handed_at IS NULL
    UNION ALL
    SELECT x.action_id FROM action_item x WHERE x.company_id = :company AND x.customer_id = :customer_id AND x.live = 1 AND x.step <> '')
  AND (a.planned_date = :day OR (a.handed_at >= :first AND a.handed_at < :before) OR (a.finished_at >= :first AND a.finished_at < :before))
  AND (:whole_customer = 1 OR EXISTS (SELECT 1 FROM action_item x JOIN instalment i ON i.id = x.instalment_id
                                      WHERE x.action_id = a.id AND i.document_id = :document_id))
ORDER BY a.id;

--: why_events many
--: customer_id id, first stamp, before stamp -> at stamp, kind text, subject text, data json
SELECT at, kind, subject, data FROM event
WHERE company_id = :company AND customer_id = :customer_id AND at >= :first AND at < :before ORDER BY seq;
