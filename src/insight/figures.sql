-- Daily figures: kept by rounds, read by charts.

--: figure_head_get maybe
--: -> since date, event_seq int, payment_id id, contact_id id
SELECT since, event_seq, payment_id, contact_id FROM figure_head WHERE company_id = :company;

--: figure_head_set exec
--: since date, event_seq int, payment_id id, contact_id id ->
INSERT INTO figure_head (company_id, since, event_seq, payment_id, contact_id) VALUES (:company, :since, :event_seq, :payment_id, :contact_id)
ON CONFLICT (company_id) DO UPDATE SET event_seq = excluded.event_seq, payment_id = excluded.payment_id, contact_id = excluded.contact_id;

--: figure_newest one
--: -> event_seq int, payment_id id, contact_id id, first_at stamp?
-- Up to where there is anything; and the first moment of the timeline.
SELECT (SELECT events FROM company WHERE id = :company) AS event_seq,
       COALESCE((SELECT MAX(id) FROM payment), 0) AS payment_id,
       COALESCE((SELECT MAX(id) FROM manual_contact), 0) AS contact_id,
       (SELECT at FROM event WHERE company_id = :company AND seq = 1) AS first_at;

--: figure_new_events many
--: after int, until int -> kind text, quarter int, collector text, channel text, currency currency, count int, amount money
-- What the events in between tell, by quarter of an hour since 1970, which no civil day divides. A message counts when it is known to have
-- been taken: at once, or when a person said so.
SELECT n.kind, n.quarter, n.collector, n.channel, n.currency, COUNT(*) AS count, CAST(SUM(n.amount) AS BIGINT) AS amount
FROM (SELECT CASE e.kind WHEN 'task.done' THEN 'task' WHEN 'promise.made' THEN 'promise_made' WHEN 'promise.settled' THEN 'promise_' || p.outcome
                         WHEN 'dispute.opened' THEN 'dispute_opened' WHEN 'dispute.closed' THEN 'dispute_closed' ELSE 'message' END AS kind,
             e.at / 900000 AS quarter, COALESCE(c.collector, '') AS collector,
             COALESCE(a.channel, CASE e.kind WHEN 'thanks.sent' THEN 'email' END, '') AS channel, COALESCE(p.currency, '') AS currency,
             COALESCE(p.amount, 0) AS amount
      FROM event e LEFT JOIN customer c ON c.id = e.customer_id
      LEFT JOIN action a ON a.id = CASE WHEN e.kind IN ('message.sent', 'message.settled') THEN CAST(e.subject AS BIGINT) END
      LEFT JOIN promise p ON p.id = CASE WHEN e.kind IN ('promise.made', 'promise.settled') THEN CAST(e.subject AS BIGINT) END
      WHERE e.company_id = :company AND e.seq > :after AND e.seq <= :until
        AND e.kind IN ('message.sent', 'message.settled', 'thanks.sent', 'task.done', 'promise.made', 'promise.settled', 'dispute.opened',
                       'dispute.closed')
        AND (e.kind <> 'message.settled' OR e.data LIKE '%"as":"sent"%') AND (e.kind <> 'promise.settled' OR p.outcome IS NOT NULL)) AS n
GROUP BY n.kind, n.quarter, n.collector, n.channel, n.currency;

--: figure_new_payments many
--: after id -> collector text, currency currency, date date, count int, amount money
-- By the day they were made. `+ 0`: found by id, not among all of the company.
SELECT c.collector, p.currency, p.date, COUNT(*) AS count, CAST(SUM(p.amount) AS BIGINT) AS amount
FROM payment p JOIN customer c ON c.id = p.customer_id
WHERE p.id > :after AND p.company_id + 0 = :company GROUP BY c.collector, p.currency, p.date;

--: figure_reversed_payments many
--: after int, until int -> like figure_new_payments
-- Those taken back in between, by the day they were made.
SELECT c.collector, p.currency, p.date, COUNT(*) AS count, CAST(SUM(p.amount) AS BIGINT) AS amount
FROM payment p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND p.reversed_seq > :after AND p.reversed_seq <= :until GROUP BY c.collector, p.currency, p.date;

--: figure_new_calls many
--: after id -> collector text, quarter int, count int
SELECT c.collector, m.at / 900000 AS quarter, COUNT(*) AS count
FROM manual_contact m JOIN customer c ON c.id = m.customer_id
WHERE m.id > :after AND m.company_id + 0 = :company AND m.channel = 'call' GROUP BY c.collector, m.at / 900000;

--: figure_flow_add exec
--: collector text, date date, kind text, channel text, currency currency, count int, amount money ->
INSERT INTO figure_flow (company_id, collector, date, kind, channel, currency, count, amount)
VALUES (:company, :collector, :date, :kind, :channel, :currency, :count, :amount)
ON CONFLICT (company_id, collector, date, kind, channel, currency)
DO UPDATE SET count = figure_flow.count + excluded.count, amount = figure_flow.amount + excluded.amount;

--: figure_day_set exec
--: date date ->
INSERT INTO figure_day (company_id, date, kept_at) VALUES (:company, :date, :now)
ON CONFLICT (company_id, date) DO UPDATE SET kept_at = excluded.kept_at;

--: figure_open_forget exec
--: date date ->
DELETE FROM figure_open WHERE company_id = :company AND date = :date;

--: fragment into_open
INSERT INTO figure_open (company_id, collector, currency, date, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue)

--: fragment sums
CAST(SUM(s.not_due) AS BIGINT), CAST(SUM(s.days_30) AS BIGINT), CAST(SUM(s.days_60) AS BIGINT), CAST(SUM(s.days_90) AS BIGINT),
CAST(SUM(s.older) AS BIGINT), CAST(SUM(s.items) AS BIGINT), COUNT(*), CAST(SUM(CASE WHEN s.overdue > 0 THEN 1 ELSE 0 END) AS BIGINT)

--: figure_open_whole exec
--: date date ->
-- Where standing is kept: its totals …
@@into_open
SELECT company_id, '', currency, :date, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue
FROM standing_total WHERE company_id = :company AND items > 0;

--: figure_open_collectors exec
--: date date ->
-- … and those of each collector, in the order of their index.
@@into_open
SELECT s.company_id, s.collector, s.currency, :date, @@sums
FROM standing s WHERE s.company_id = :company AND s.collector <> '' AND s.items > 0
GROUP BY s.company_id, s.currency, s.collector;

--: fragment by_customer
(SELECT company_id, customer_id, currency, COUNT(*) AS items,
        SUM(CASE WHEN due_date >= :date THEN open ELSE 0 END) AS not_due,
        SUM(CASE WHEN due_date < :date AND due_date >= :date - 30 THEN open ELSE 0 END) AS days_30,
        SUM(CASE WHEN due_date < :date - 30 AND due_date >= :date - 60 THEN open ELSE 0 END) AS days_60,
        SUM(CASE WHEN due_date < :date - 60 AND due_date >= :date - 90 THEN open ELSE 0 END) AS days_90,
        SUM(CASE WHEN due_date < :date - 90 THEN open ELSE 0 END) AS older,
        SUM(CASE WHEN due_date < :date THEN open ELSE 0 END) AS overdue
 FROM instalment WHERE company_id = :company AND is_claim = 1 AND open > 0 GROUP BY company_id, customer_id, currency) AS s

--: figure_open_ledger_whole exec
--: date date ->
-- The same where nobody keeps standing: from the open items themselves.
@@into_open
SELECT s.company_id, '', s.currency, :date, @@sums FROM @@by_customer GROUP BY s.company_id, s.currency;

--: figure_open_ledger_collectors exec
--: date date ->
@@into_open
SELECT s.company_id, c.collector, s.currency, :date, @@sums FROM @@by_customer JOIN customer c ON c.id = s.customer_id
WHERE c.collector <> '' GROUP BY s.company_id, c.collector, s.currency;

--: figure_collectors one
--: -> any bool
SELECT CASE WHEN EXISTS (SELECT 1 FROM customer WHERE company_id = :company AND collector <> '') THEN 1 ELSE 0 END AS any;

--: figure_since one
--: -> since date?, first_day date?, last_day date?, kept_at stamp?
-- From when on anything is known: what was done, what was open; and up to when.
SELECT (SELECT since FROM figure_head WHERE company_id = :company) AS since,
       (SELECT MIN(date) FROM figure_day WHERE company_id = :company) AS first_day,
       (SELECT MAX(date) FROM figure_day WHERE company_id = :company) AS last_day,
       (SELECT kept_at FROM figure_day WHERE company_id = :company ORDER BY date DESC LIMIT 1) AS kept_at;

--: figure_days many
--: since date, until date -> date date
SELECT date FROM figure_day WHERE company_id = :company AND date >= :since AND date <= :until ORDER BY date;

--: fragment mine
f.company_id = :company AND f.collector IN (SELECT m.code FROM membership m WHERE m.company_id = :company AND m.code <> ''
    AND (m.user_id = :viewer OR (:viewer_team <> 0 AND m.team_id = :viewer_team)) AND (:collector = '' OR m.code = :collector))

--: figure_any one
--: collector text -> any bool
-- Whether there is anything of them, for who sees all …
SELECT CASE WHEN EXISTS (SELECT 1 FROM figure_open WHERE company_id = :company AND collector = :collector)
              OR EXISTS (SELECT 1 FROM figure_flow WHERE company_id = :company AND collector = :collector) THEN 1 ELSE 0 END AS any;

--: figure_any_mine one
--: collector text -> like figure_any
-- … and for others.
SELECT CASE WHEN EXISTS (SELECT 1 FROM figure_open f WHERE @@mine) OR EXISTS (SELECT 1 FROM figure_flow f WHERE @@mine) THEN 1 ELSE 0 END AS any;

--: figure_open_rows many
--: collector text, currency currency, since date, until date -> date date, not_due money, days_30 money, days_60 money, days_90 money, older money, items int, customers int, customers_overdue int
-- For who sees all customers: `collector` '' for the company.
SELECT date, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue FROM figure_open
WHERE company_id = :company AND collector = :collector AND currency = :currency AND date >= :since AND date <= :until ORDER BY date;

--: figure_open_rows_mine many
--: like figure_open_rows -> like figure_open_rows
-- For others: of their own code and those of their team, added up; of one of them when named. `+ 0`: by collector, not by the days of all.
SELECT f.date + 0 AS date, CAST(SUM(f.not_due) AS BIGINT) AS not_due, CAST(SUM(f.days_30) AS BIGINT) AS days_30, CAST(SUM(f.days_60) AS BIGINT) AS days_60,
       CAST(SUM(f.days_90) AS BIGINT) AS days_90, CAST(SUM(f.older) AS BIGINT) AS older, CAST(SUM(f.items) AS BIGINT) AS items,
       CAST(SUM(f.customers) AS BIGINT) AS customers, CAST(SUM(f.customers_overdue) AS BIGINT) AS customers_overdue
FROM figure_open f WHERE @@mine AND f.currency = :currency AND f.date + 0 >= :since AND f.date + 0 <= :until GROUP BY f.date + 0 ORDER BY 1;

--: figure_flow_rows many
--: collector text, since date, until date -> date date, kind text, channel text, currency currency, count int, amount money
-- In no order.
SELECT date, kind, channel, currency, count, amount FROM figure_flow
WHERE company_id = :company AND collector = :collector AND date >= :since AND date <= :until;

--: figure_flow_rows_mine many
--: like figure_flow_rows -> like figure_flow_rows
-- Not added up: there may be several of a day.
SELECT f.date, f.kind, f.channel, f.currency, f.count, f.amount FROM figure_flow f WHERE @@mine AND f.date >= :since AND f.date <= :until;

--: figure_currencies many
--: collector text, since date, until date -> currency currency, count int
-- In which there is anything, the most used first.
SELECT currency, COUNT(*) AS count FROM (
    SELECT currency FROM figure_open WHERE company_id = :company AND collector = :collector AND date + 0 >= :since AND date + 0 <= :until
    UNION ALL SELECT currency FROM figure_flow
    WHERE company_id = :company AND collector = :collector AND date >= :since AND date <= :until AND kind = 'collected') AS used
GROUP BY currency ORDER BY 2 DESC, 1;

--: figure_currencies_mine many
--: like figure_currencies -> like figure_currencies
SELECT currency, COUNT(*) AS count FROM (
    SELECT f.currency FROM figure_open f WHERE @@mine AND f.date + 0 >= :since AND f.date + 0 <= :until
    UNION ALL SELECT f.currency FROM figure_flow f WHERE @@mine AND f.date >= :since AND f.date <= :until AND f.kind = 'collected') AS used
GROUP BY currency ORDER BY 2 DESC, 1;
