-- What the engine must know, for a set of customers, each list ordered by customer so that they can be merged.

--: plan_customers many bounded
--: after id, limit int, for_viewer bool -> id id, code text, name text, kind text, country text, region text, language text, zone text, segment text, sector text, profile text, tax_id text, strategy_id id?
-- Customers who owe something, or for whom something is pending; for a viewer, those they may see. No EXISTS: of two with OR
-- between them PostgreSQL makes hashes of all that is open, anew for every set of customers.
SELECT c.id, c.code, c.name, c.kind, c.country, c.region, c.language, c.zone, c.segment, c.sector, c.profile, c.tax_id, c.strategy_id
FROM customer c
WHERE c.company_id = :company AND c.id > :after AND (:for_viewer = 0 OR c.id @seen)
  AND COALESCE((SELECT 1 FROM instalment i WHERE i.company_id = c.company_id AND i.customer_id = c.id AND i.open > 0 LIMIT 1),
               (SELECT 1 FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id
                AND a.finished_at IS NULL AND a.status <> 'open' AND a.status IN ('planned', 'approval', 'deferred') LIMIT 1)) = 1
ORDER BY c.id LIMIT :limit;

--: plan_contacts many
--: ids text -> customer_id id, id id, name text, role text, email text, phone text, whatsapp text, language text, email_state text, phone_state text, whatsapp_state text, opt_outs text, preferred text, hours text
SELECT customer_id, id, name, role, email, phone, whatsapp, language, email_state, phone_state, whatsapp_state, opt_outs, preferred, hours
FROM contact WHERE company_id = :company AND customer_id @among :ids AND removed_at IS NULL
ORDER BY customer_id, position, id;

--: plan_addresses many
--: ids text -> customer_id id, street text, postal_code text, city text, region text, country text, state text
-- Where letters go.
SELECT customer_id, street, postal_code, city, region, country, state FROM postal_address
WHERE company_id = :company AND customer_id @among :ids ORDER BY customer_id;

--: plan_items many
--: ids text -> customer_id id, id id, document_id id, position int, is_claim bool, issue_date date, due_date date, currency currency, amount money, open money
-- What is owed to us, and what is left of credit notes and advances.
SELECT customer_id, id, document_id, position, is_claim, issue_date, due_date, currency, amount, open
FROM instalment
WHERE company_id = :company AND customer_id @among :ids AND open > 0
ORDER BY customer_id, due_date, id;

--: plan_item_texts many
--: ids text -> id id, number text, type text, reference text, description text
-- What only messages and people need, in the order of the claims of plan_items.
SELECT i.id, d.number, d.type, d.reference, d.description
FROM instalment i JOIN document d ON d.id = i.document_id
WHERE i.company_id = :company AND i.customer_id @among :ids AND i.open > 0 AND i.is_claim = 1
ORDER BY i.customer_id, i.due_date, i.id;

--: plan_credits many
--: ids text -> customer_id id, currency currency, unapplied money
-- Money paid that was not applied to anything.
SELECT customer_id, currency, unapplied FROM payment
WHERE company_id = :company AND customer_id @among :ids AND unapplied > 0
ORDER BY customer_id, id;

--: plan_progress many
--: ids text -> customer_id id, instalment_id id, step text, occurrence int, skipped text, planned_date date
-- Steps done for what is still open. What is only planned is not done; what a person cancelled is, and what a journal remembers.
-- Most items are of what is planned: they are left out by the few ids of that, before anything is looked up.
SELECT x.customer_id, x.instalment_id, x.step, x.occurrence, x.skipped, a.planned_date
FROM action_item x JOIN action a ON a.id = x.action_id JOIN instalment i ON i.id = x.instalment_id
WHERE x.company_id = :company AND x.customer_id @among :ids AND x.live = 1 AND x.step <> ''
  AND x.action_id NOT IN (SELECT p.id FROM action p WHERE p.company_id = :company AND p.customer_id @among :ids
      AND p.finished_at IS NULL AND p.status <> 'open' AND p.status IN ('planned', 'approval', 'deferred'))
  AND a.status NOT IN ('planned', 'approval', 'deferred') AND i.open > 0
UNION ALL
SELECT i.customer_id, i.id, r.step, r.occurrence, '', r.date
FROM restored_step r JOIN document d ON d.company_id = r.company_id AND d.number = r.number
JOIN instalment i ON i.document_id = d.id AND i.position = r.position
WHERE r.company_id = :company AND i.customer_id @among :ids AND i.open > 0
ORDER BY 1, 2;
--@pg
-- One row at a time: as long as most actions are only planned, the server would rather read all of them for the few that are done.
SELECT x.customer_id, x.instalment_id, x.step, x.occurrence, x.skipped, a.planned_date
FROM action_item x
CROSS JOIN LATERAL (SELECT status, planned_date FROM action WHERE id = x.action_id LIMIT 1) AS a
CROSS JOIN LATERAL (SELECT open FROM instalment WHERE id = x.instalment_id LIMIT 1) AS i
WHERE x.company_id = :company AND x.customer_id @among :ids AND x.live = 1 AND x.step <> ''
  AND x.action_id NOT IN (SELECT p.id FROM action p WHERE p.company_id = :company AND p.customer_id @among :ids
      AND p.finished_at IS NULL AND p.status <> 'open' AND p.status IN ('planned', 'approval', 'deferred'))
  AND a.status NOT IN ('planned', 'approval', 'deferred') AND i.open > 0
UNION ALL
SELECT i.customer_id, i.id, r.step, r.occurrence, '', r.date
FROM restored_step r JOIN document d ON d.company_id = r.company_id AND d.number = r.number
JOIN instalment i ON i.document_id = d.id AND i.position = r.position
WHERE r.company_id = :company AND i.customer_id @among :ids AND i.open > 0
ORDER BY 1, 2;

--: plan_pending many
--: ids text -> customer_id id, id id, ladder text, step text, status text, fence int, attempts int, not_before stamp?, reason text, address text, lease_until stamp?, claimed_by text, confirmed_step text, resend bool, handed_at stamp?
SELECT customer_id, id, ladder, step, status, fence, attempts, not_before, reason, address, lease_until, claimed_by,
       confirmed_step, resend, handed_at
FROM action
WHERE company_id = :company AND customer_id @among :ids AND finished_at IS NULL AND status <> 'open'
  AND status IN ('planned', 'approval', 'deferred')
ORDER BY customer_id, id;

--: plan_holds many
--: ids text, today date -> customer_id id, document_id id?, reason text, until_date date?, id id
-- The id is there because SQLite enters the parts of the view only for an order by columns of the result.
SELECT customer_id, document_id, reason, until_date, id FROM hold_reach
WHERE company_id = :company AND customer_id @among :ids AND released_at IS NULL
  AND (until_date IS NULL OR until_date >= :today)
ORDER BY customer_id, id;

--: plan_disputes many
--: ids text -> customer_id id, document_id id
-- Open ones, and accepted ones that still wait for their credit note.
SELECT x.customer_id, x.document_id FROM dispute x
WHERE x.company_id = :company AND x.customer_id @among :ids
  AND (x.closed_at IS NULL OR (x.outcome = 'accepted' AND NOT EXISTS (
       SELECT 1 FROM instalment i JOIN entry e ON e.instalment_id = i.id WHERE i.document_id = x.document_id AND e.kind = 'credit')))
ORDER BY x.customer_id, x.document_id;

--: plan_promises many
--: ids text -> id id, customer_id id, instalment_id id, date date, currency currency, amount money, kept bool
-- Every promise not cancelled, with the instalments it covers; kept when its items came down by the promised amount, or are settled.
SELECT p.id, p.customer_id, pi.instalment_id, p.date, p.currency, p.amount,
       CASE WHEN p.outcome = 'kept' THEN 1
            ELSE (SELECT CASE WHEN SUM(q.open_then - i.open) >= p.amount OR SUM(i.open) = 0 THEN 1 ELSE 0 END
                  FROM promise_item q JOIN instalment i ON i.id = q.instalment_id WHERE q.promise_id = p.id) END AS kept
FROM promise p JOIN promise_item pi ON pi.promise_id = p.id
WHERE p.company_id = :company AND p.customer_id @among :ids AND p.cancelled_at IS NULL
ORDER BY p.customer_id, p.date, p.id;

--: plan_past many
--: ids text, since stamp -> customer_id id, at stamp, channel text, conversation bool, item_count int
-- Contacts of the last days, in and outside aldia, newest first.
SELECT customer_id, at, channel, conversation, item_count FROM (
    SELECT a.customer_id, a.handed_at AS at, a.channel, 0 AS conversation,
           (SELECT COUNT(*) FROM action_item x WHERE x.action_id = a.id) AS item_count
    FROM action a
    WHERE a.company_id = :company AND a.customer_id @among :ids AND a.handed_at IS NOT NULL AND a.handed_at >= :since
      AND a.status IN ('handing', 'sent', 'ambiguous', 'settled')
    UNION ALL
    SELECT m.customer_id, m.at, m.channel, m.conversation, 1 FROM manual_contact m
    WHERE m.company_id = :company AND m.customer_id @among :ids AND m.at >= :since) AS past
ORDER BY customer_id, at DESC;

--: plan_replies many
--: ids text -> customer_id id, at stamp
-- When each of them last spoke with us.
SELECT customer_id, MAX(at) AS at FROM manual_contact
WHERE company_id = :company AND customer_id @among :ids AND conversation = 1 AND at <= :now
GROUP BY customer_id ORDER BY customer_id;

--: plan_history many
--: ids text, since stamp -> customer_id id, handed_at stamp, tone text, template text, variant text, thread_id text
-- Reminders handed over, newest first.
SELECT customer_id, handed_at, tone, template, variant, thread_id FROM action
WHERE company_id = :company AND customer_id @among :ids AND handed_at IS NOT NULL AND handed_at >= :since AND ladder = 'message'
  AND status IN ('handing', 'sent', 'ambiguous', 'settled')
ORDER BY customer_id, handed_at DESC, id DESC;

--: plan_last_payments many
--: ids text -> customer_id id, date date
SELECT customer_id, MAX(date) AS date FROM payment
WHERE company_id = :company AND customer_id @among :ids AND reversed_seq IS NULL
GROUP BY customer_id ORDER BY customer_id;

--: plan_customers_set many
--: ids text -> like plan_customers
SELECT id, code, name, kind, country, region, language, zone, segment, sector, profile, tax_id, strategy_id
FROM customer WHERE company_id = :company AND id @among :ids ORDER BY id;
