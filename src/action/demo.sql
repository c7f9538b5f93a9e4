-- What the demo's invented customers react to, and what its summary counts.

--: demo_items many
--: -> number text, customer_code text, currency currency, open money, amount money, issue_date date, due_date date, claims int, handed_at stamp?, promised date?, disputed_at stamp?, disputes int
-- Everything open, with the last reminder about it.
SELECT d.number, c.code AS customer_code, i.currency, i.open, i.amount, i.issue_date, i.due_date,
       (SELECT COUNT(*) FROM action_item x JOIN action a ON a.id = x.action_id
        WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id AND x.instalment_id = i.id AND x.live = 1 AND x.step <> '' AND a.status = 'sent'
          AND a.template = 'claim') AS claims,
       (SELECT MAX(a.handed_at) FROM action_item x JOIN action a ON a.id = x.action_id
        WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id AND x.instalment_id = i.id AND x.live = 1 AND x.step <> '' AND a.status = 'sent'
          AND a.ladder = 'message') AS handed_at,
       (SELECT MAX(p.date) FROM promise p JOIN promise_item y ON y.promise_id = p.id
        WHERE p.company_id = i.company_id AND p.customer_id = i.customer_id AND y.instalment_id = i.id AND p.cancelled_at IS NULL) AS promised,
       (SELECT MAX(q.opened_at) FROM dispute q
        WHERE q.company_id = i.company_id AND q.customer_id = i.customer_id AND q.document_id = d.id AND q.closed_at IS NULL) AS disputed_at,
       (SELECT COUNT(*) FROM dispute q
        WHERE q.company_id = i.company_id AND q.customer_id = i.customer_id AND q.document_id = d.id) AS disputes
FROM instalment i JOIN document d ON d.id = i.document_id JOIN customer c ON c.id = i.customer_id
WHERE i.company_id = :company AND i.open > 0 AND i.is_claim = 1 ORDER BY i.id;

--: demo_size one
--: -> customers int, documents int, payments int
SELECT (SELECT COUNT(*) FROM customer WHERE company_id = c.id) AS customers,
       (SELECT COUNT(*) FROM document WHERE company_id = c.id) AS documents,
       (SELECT COUNT(*) FROM payment WHERE company_id = c.id) AS payments
FROM company c WHERE c.id = :company;

--: demo_open_tasks many
--: -> id id, step text, planned_date date, code text
SELECT a.id, a.step, a.planned_date, c.code FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.finished_at IS NULL AND a.status = 'open' ORDER BY a.id;

--: demo_sent many
--: -> template text, messages int
SELECT template, COUNT(*) AS messages FROM action
WHERE company_id = :company AND ladder = 'message' AND status = 'sent' GROUP BY template ORDER BY template;

--: demo_effect one
--: -> reminded int, paid int, paid_in_week int
-- Invoices claimed at least once; those of them paid; and those of which money came within seven days after a claim.
SELECT COUNT(*) AS reminded, CAST(COALESCE(SUM(CASE WHEN r.open = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS paid,
       CAST(COALESCE(SUM(r.in_week), 0) AS BIGINT) AS paid_in_week
FROM (SELECT i.id, i.open,
             MAX(CASE WHEN EXISTS (SELECT 1 FROM entry e WHERE e.instalment_id = i.id AND e.kind = 'payment'
                                     AND e.date * 86400000 >= a.handed_at - 86400000 AND e.date * 86400000 <= a.handed_at + 604800000)
                      THEN 1 ELSE 0 END) AS in_week
      FROM action_item x JOIN action a ON a.id = x.action_id JOIN instalment i ON i.id = x.instalment_id
      WHERE a.company_id = :company AND a.status = 'sent' AND a.template = 'claim' AND x.live = 1 AND x.step <> ''
      GROUP BY i.id, i.open) r;

--: demo_money many
--: today date -> currency currency, charged money, paid money, open money, overdue money
SELECT i.currency,
       CAST(SUM(i.amount) AS BIGINT) AS charged,
       CAST(SUM(i.amount - i.open) AS BIGINT) AS paid,
       CAST(SUM(i.open) AS BIGINT) AS open,
       CAST(SUM(CASE WHEN i.due_date < :today THEN i.open ELSE 0 END) AS BIGINT) AS overdue
FROM instalment i WHERE i.company_id = :company AND i.is_claim = 1 GROUP BY i.currency ORDER BY COUNT(*) DESC, i.currency;

--: demo_cases one
--: today date -> promises_kept int, promises_broken int, promises_open int, disputes_open int, on_hold int
SELECT (SELECT COUNT(*) FROM promise WHERE company_id = c.id AND outcome = 'kept') AS promises_kept,
       (SELECT COUNT(*) FROM promise WHERE company_id = c.id AND outcome IN ('broken', 'partly')) AS promises_broken,
       (SELECT COUNT(*) FROM promise WHERE company_id = c.id AND settled_at IS NULL AND cancelled_at IS NULL) AS promises_open,
       (SELECT COUNT(*) FROM dispute WHERE company_id = c.id AND closed_at IS NULL) AS disputes_open,
       (SELECT COUNT(*) FROM hold WHERE company_id = c.id AND released_at IS NULL AND document_id IS NULL
          AND (until_date IS NULL OR until_date >= :today)) AS on_hold
FROM company c WHERE c.id = :company;

--: demo_example maybe
--: -> id id, customer_code text, number text
-- A late message worth looking at: the last claim that was sent.
SELECT a.id, c.code AS customer_code, d.number
FROM action a JOIN customer c ON c.id = a.customer_id JOIN action_item x ON x.action_id = a.id AND x.step <> ''
JOIN instalment i ON i.id = x.instalment_id JOIN document d ON d.id = i.document_id
WHERE a.company_id = :company AND a.status = 'sent' AND a.template = 'claim' AND i.open > 0
ORDER BY a.handed_at DESC, a.id DESC, i.id LIMIT 1;
