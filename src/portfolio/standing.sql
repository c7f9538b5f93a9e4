-- What every customer owes, in sums; kept for lists and totals.

--: standing_head_get maybe
--: -> event_seq int, payment_id id, as_of date
SELECT event_seq, payment_id, as_of FROM standing_head WHERE company_id = :company;

--: standing_newest one
--: -> event_seq int, payment_id id
SELECT COALESCE((SELECT MAX(event_seq) FROM entry WHERE company_id = :company), 0) AS event_seq,
       COALESCE((SELECT MAX(id) FROM payment), 0) AS payment_id;

--: standing_head_set exec
--: event_seq int, payment_id id, as_of date ->
INSERT INTO standing_head (company_id, event_seq, payment_id, as_of) VALUES (:company, :event_seq, :payment_id, :as_of)
ON CONFLICT (company_id) DO UPDATE SET event_seq = excluded.event_seq, payment_id = excluded.payment_id, as_of = excluded.as_of;

--: standing_mark_changed exec
--: event_seq int, payment_id id ->
-- Whose balance an entry or a payment changed since.
INSERT INTO standing_changed (company_id, customer_id)
SELECT DISTINCT i.company_id, i.customer_id FROM entry e JOIN instalment i ON i.id = e.instalment_id
WHERE e.company_id = :company AND e.event_seq > :event_seq
UNION
SELECT company_id, customer_id FROM payment WHERE company_id = :company AND id > :payment_id
UNION
SELECT e.company_id, e.customer_id FROM event e
WHERE e.company_id = :company AND e.seq > :event_seq AND e.kind LIKE 'payment.%' AND e.customer_id IS NOT NULL;

--: standing_changed_count one
--: -> count int
SELECT COUNT(*) AS count FROM standing_changed WHERE company_id = :company;

--: standing_changed_clear exec
--: ->
DELETE FROM standing_changed WHERE company_id = :company;

--: standing_total_lower exec
--: ->
-- Takes the old rows of the changed customers out of the totals.
UPDATE standing_total SET open = standing_total.open - d.open, overdue = standing_total.overdue - d.overdue, unapplied = standing_total.unapplied - d.unapplied, not_due = standing_total.not_due - d.not_due, days_30 = standing_total.days_30 - d.days_30, days_60 = standing_total.days_60 - d.days_60, days_90 = standing_total.days_90 - d.days_90, older = standing_total.older - d.older, items = standing_total.items - d.items,
       customers = standing_total.customers - d.customers, customers_overdue = standing_total.customers_overdue - d.customers_overdue
FROM (SELECT currency, CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(overdue) AS BIGINT) AS overdue, CAST(SUM(unapplied) AS BIGINT) AS unapplied, CAST(SUM(not_due) AS BIGINT) AS not_due, CAST(SUM(days_30) AS BIGINT) AS days_30, CAST(SUM(days_60) AS BIGINT) AS days_60, CAST(SUM(days_90) AS BIGINT) AS days_90, CAST(SUM(older) AS BIGINT) AS older, CAST(SUM(items) AS BIGINT) AS items,
             CAST(SUM(CASE WHEN open > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
             CAST(SUM(CASE WHEN overdue > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers_overdue
      FROM standing WHERE company_id = :company
        AND customer_id IN (SELECT customer_id FROM standing_changed WHERE company_id = :company) GROUP BY currency) AS d
WHERE standing_total.company_id = :company AND standing_total.currency = d.currency;

--: standing_delete_changed exec
--: ->
DELETE FROM standing WHERE company_id = :company
  AND customer_id IN (SELECT customer_id FROM standing_changed WHERE company_id = :company);

--: standing_insert_changed exec
--: today date ->
INSERT INTO standing (company_id, customer_id, currency, open, overdue, oldest_due, unapplied, not_due, days_30, days_60, days_90, older, items)
SELECT company_id, customer_id, currency, CAST(SUM(open) AS BIGINT), CAST(SUM(overdue) AS BIGINT), MIN(oldest_due),
       CAST(SUM(unapplied) AS BIGINT), CAST(SUM(not_due) AS BIGINT), CAST(SUM(days_30) AS BIGINT), CAST(SUM(days_60) AS BIGINT),
       CAST(SUM(days_90) AS BIGINT), CAST(SUM(older) AS BIGINT), CAST(SUM(items) AS BIGINT)
FROM (
    SELECT company_id, customer_id, currency,
           SUM(CASE WHEN is_claim = 1 THEN open ELSE 0 END) AS open,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today THEN open ELSE 0 END) AS overdue,
           MIN(CASE WHEN is_claim = 1 THEN due_date END) AS oldest_due,
           SUM(CASE WHEN is_claim = 0 THEN open ELSE 0 END) AS unapplied,
           SUM(CASE WHEN is_claim = 1 AND due_date >= :today THEN open ELSE 0 END) AS not_due,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today AND due_date >= :today - 30 THEN open ELSE 0 END) AS days_30,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today - 30 AND due_date >= :today - 60 THEN open ELSE 0 END) AS days_60,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today - 60 AND due_date >= :today - 90 THEN open ELSE 0 END) AS days_90,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today - 90 THEN open ELSE 0 END) AS older,
           SUM(CASE WHEN is_claim = 1 THEN 1 ELSE 0 END) AS items
    FROM instalment WHERE company_id = :company AND open > 0
          AND customer_id IN (SELECT customer_id FROM standing_changed WHERE company_id = :company)
    GROUP BY company_id, customer_id, currency
    UNION ALL
    SELECT company_id, customer_id, currency, 0, 0, NULL, SUM(unapplied), 0, 0, 0, 0, 0, 0
    FROM payment WHERE company_id = :company AND unapplied > 0
          AND customer_id IN (SELECT customer_id FROM standing_changed WHERE company_id = :company) GROUP BY company_id, customer_id, currency
) AS parts GROUP BY company_id, customer_id, currency;

--: standing_total_raise exec
--: ->
INSERT INTO standing_total (company_id, currency, open, overdue, unapplied, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue)
SELECT company_id, currency, CAST(SUM(open) AS BIGINT), CAST(SUM(overdue) AS BIGINT), CAST(SUM(unapplied) AS BIGINT), CAST(SUM(not_due) AS BIGINT), CAST(SUM(days_30) AS BIGINT), CAST(SUM(days_60) AS BIGINT), CAST(SUM(days_90) AS BIGINT), CAST(SUM(older) AS BIGINT), CAST(SUM(items) AS BIGINT),
       CAST(SUM(CASE WHEN open > 0 THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN overdue > 0 THEN 1 ELSE 0 END) AS BIGINT)
FROM standing WHERE company_id = :company
  AND customer_id IN (SELECT customer_id FROM standing_changed WHERE company_id = :company) GROUP BY company_id, currency
ON CONFLICT (company_id, currency) DO UPDATE SET open = standing_total.open + excluded.open, overdue = standing_total.overdue + excluded.overdue, unapplied = standing_total.unapplied + excluded.unapplied, not_due = standing_total.not_due + excluded.not_due, days_30 = standing_total.days_30 + excluded.days_30, days_60 = standing_total.days_60 + excluded.days_60, days_90 = standing_total.days_90 + excluded.days_90, older = standing_total.older + excluded.older, items = standing_total.items + excluded.items,
       customers = standing_total.customers + excluded.customers,
       customers_overdue = standing_total.customers_overdue + excluded.customers_overdue;

--: standing_empty exec
--: ->
DELETE FROM standing WHERE company_id = :company;

--: standing_total_empty exec
--: ->
DELETE FROM standing_total WHERE company_id = :company;

--: standing_insert_all exec
--: today date ->
INSERT INTO standing (company_id, customer_id, currency, open, overdue, oldest_due, unapplied, not_due, days_30, days_60, days_90, older, items)
SELECT company_id, customer_id, currency, CAST(SUM(open) AS BIGINT), CAST(SUM(overdue) AS BIGINT), MIN(oldest_due),
       CAST(SUM(unapplied) AS BIGINT), CAST(SUM(not_due) AS BIGINT), CAST(SUM(days_30) AS BIGINT), CAST(SUM(days_60) AS BIGINT),
       CAST(SUM(days_90) AS BIGINT), CAST(SUM(older) AS BIGINT), CAST(SUM(items) AS BIGINT)
FROM (
    SELECT company_id, customer_id, currency,
           SUM(CASE WHEN is_claim = 1 THEN open ELSE 0 END) AS open,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today THEN open ELSE 0 END) AS overdue,
           MIN(CASE WHEN is_claim = 1 THEN due_date END) AS oldest_due,
           SUM(CASE WHEN is_claim = 0 THEN open ELSE 0 END) AS unapplied,
           SUM(CASE WHEN is_claim = 1 AND due_date >= :today THEN open ELSE 0 END) AS not_due,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today AND due_date >= :today - 30 THEN open ELSE 0 END) AS days_30,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today - 30 AND due_date >= :today - 60 THEN open ELSE 0 END) AS days_60,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today - 60 AND due_date >= :today - 90 THEN open ELSE 0 END) AS days_90,
           SUM(CASE WHEN is_claim = 1 AND due_date < :today - 90 THEN open ELSE 0 END) AS older,
           SUM(CASE WHEN is_claim = 1 THEN 1 ELSE 0 END) AS items
    FROM instalment WHERE company_id = :company AND open > 0
    GROUP BY company_id, customer_id, currency
    UNION ALL
    SELECT company_id, customer_id, currency, 0, 0, NULL, SUM(unapplied), 0, 0, 0, 0, 0, 0
    FROM payment WHERE company_id = :company AND unapplied > 0 GROUP BY company_id, customer_id, currency
) AS parts GROUP BY company_id, customer_id, currency;

--: standing_total_all exec
--: ->
INSERT INTO standing_total (company_id, currency, open, overdue, unapplied, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue)
SELECT company_id, currency, CAST(SUM(open) AS BIGINT), CAST(SUM(overdue) AS BIGINT), CAST(SUM(unapplied) AS BIGINT), CAST(SUM(not_due) AS BIGINT), CAST(SUM(days_30) AS BIGINT), CAST(SUM(days_60) AS BIGINT), CAST(SUM(days_90) AS BIGINT), CAST(SUM(older) AS BIGINT), CAST(SUM(items) AS BIGINT),
       CAST(SUM(CASE WHEN open > 0 THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN overdue > 0 THEN 1 ELSE 0 END) AS BIGINT)
FROM standing WHERE company_id = :company GROUP BY company_id, currency;

--: standing_totals many
--: -> currency currency, open money, overdue money, unapplied money, not_due money, days_30 money, days_60 money, days_90 money, older money, items int, customers int, customers_overdue int
-- The currency with the most customers first.
SELECT currency, open, overdue, unapplied, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue
FROM standing_total WHERE company_id = :company AND (open > 0 OR unapplied > 0) ORDER BY customers DESC, currency;

--: standing_totals_seen many
--: -> like standing_totals
-- The same over the customers the caller may see.
SELECT currency, CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(overdue) AS BIGINT) AS overdue, CAST(SUM(unapplied) AS BIGINT) AS unapplied, CAST(SUM(not_due) AS BIGINT) AS not_due, CAST(SUM(days_30) AS BIGINT) AS days_30, CAST(SUM(days_60) AS BIGINT) AS days_60, CAST(SUM(days_90) AS BIGINT) AS days_90, CAST(SUM(older) AS BIGINT) AS older, CAST(SUM(items) AS BIGINT) AS items,
       CAST(SUM(CASE WHEN open > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
       CAST(SUM(CASE WHEN overdue > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers_overdue
FROM standing WHERE company_id = :company AND customer_id @seen GROUP BY currency ORDER BY 11 DESC, currency;

--: standing_by_overdue many
--: currency currency, today date, after money, after_id id, min_due date, state text, segment text, collector text, limit int -> id id, code text, name text, segment text, collector text, currency currency, open money, overdue money, oldest_due date?, unapplied money, held bool, disputed bool, promise_date date?, last_contact stamp?
-- The most overdue first; goes on after a row. `state`: '' overdue held disputed promised.
SELECT c.id, c.code, c.name, c.segment, c.collector, s.currency AS currency, s.open AS open, s.overdue AS overdue, s.oldest_due,
       s.unapplied AS unapplied,
       CASE WHEN EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held,
       CASE WHEN EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL) THEN 1 ELSE 0 END AS disputed,
       (SELECT MIN(p.date) FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id
          AND COALESCE(p.settled_at, 0) = 0 AND p.cancelled_at IS NULL) AS promise_date,
       (SELECT MAX(a.handed_at) FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id
          AND a.handed_at IS NOT NULL) AS last_contact
FROM standing s JOIN customer c ON c.id = s.customer_id
WHERE s.company_id = :company AND s.currency = :currency AND s.overdue <= :after AND (s.overdue < :after OR s.customer_id < :after_id)
  AND (:state = '' OR (:state = 'overdue' AND s.oldest_due <= :min_due) OR (:state = 'held' AND EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)))
       OR (:state = 'disputed' AND EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL))
       OR (:state = 'promised' AND EXISTS (SELECT 1 FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id AND COALESCE(p.settled_at, 0) = 0
             AND p.cancelled_at IS NULL)))
  AND c.id @seen AND (:segment = '' OR c.segment = :segment) AND (:collector = '' OR c.collector = :collector)
ORDER BY s.overdue DESC, s.customer_id DESC LIMIT :limit;

--: standing_by_open many
--: currency currency, today date, after money, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- Who owes the most first.
SELECT c.id, c.code, c.name, c.segment, c.collector, s.currency AS currency, s.open AS open, s.overdue AS overdue, s.oldest_due,
       s.unapplied AS unapplied,
       CASE WHEN EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held,
       CASE WHEN EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL) THEN 1 ELSE 0 END AS disputed,
       (SELECT MIN(p.date) FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id
          AND COALESCE(p.settled_at, 0) = 0 AND p.cancelled_at IS NULL) AS promise_date,
       (SELECT MAX(a.handed_at) FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id
          AND a.handed_at IS NOT NULL) AS last_contact
FROM standing s JOIN customer c ON c.id = s.customer_id
WHERE s.company_id = :company AND s.currency = :currency AND s.open <= :after AND (s.open < :after OR s.customer_id < :after_id)
  AND (:state = '' OR (:state = 'overdue' AND s.oldest_due <= :min_due) OR (:state = 'held' AND EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)))
       OR (:state = 'disputed' AND EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL))
       OR (:state = 'promised' AND EXISTS (SELECT 1 FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id AND COALESCE(p.settled_at, 0) = 0
             AND p.cancelled_at IS NULL)))
  AND c.id @seen AND (:segment = '' OR c.segment = :segment) AND (:collector = '' OR c.collector = :collector)
ORDER BY s.open DESC, s.customer_id DESC LIMIT :limit;

--: standing_by_oldest many
--: currency currency, today date, after date, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- The oldest debt first; only those who owe.
SELECT c.id, c.code, c.name, c.segment, c.collector, s.currency AS currency, s.open AS open, s.overdue AS overdue, s.oldest_due,
       s.unapplied AS unapplied,
       CASE WHEN EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held,
       CASE WHEN EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL) THEN 1 ELSE 0 END AS disputed,
       (SELECT MIN(p.date) FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id
          AND COALESCE(p.settled_at, 0) = 0 AND p.cancelled_at IS NULL) AS promise_date,
       (SELECT MAX(a.handed_at) FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id
          AND a.handed_at IS NOT NULL) AS last_contact
FROM standing s JOIN customer c ON c.id = s.customer_id
WHERE s.company_id = :company AND s.currency = :currency AND s.oldest_due >= :after AND (s.oldest_due > :after OR s.customer_id > :after_id)
  AND (:state = '' OR (:state = 'overdue' AND s.oldest_due <= :min_due) OR (:state = 'held' AND EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)))
       OR (:state = 'disputed' AND EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL))
       OR (:state = 'promised' AND EXISTS (SELECT 1 FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id AND COALESCE(p.settled_at, 0) = 0
             AND p.cancelled_at IS NULL)))
  AND c.id @seen AND (:segment = '' OR c.segment = :segment) AND (:collector = '' OR c.collector = :collector)
ORDER BY s.oldest_due, s.customer_id LIMIT :limit;

--: standing_by_name many
--: currency currency, today date, after text, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- By name, those who owe nothing too.
SELECT c.id, c.code, c.name, c.segment, c.collector, COALESCE(s.currency, :currency) AS currency, CAST(COALESCE(s.open, 0) AS BIGINT) AS open, CAST(COALESCE(s.overdue, 0) AS BIGINT) AS overdue, s.oldest_due,
       CAST(COALESCE(s.unapplied, 0) AS BIGINT) AS unapplied,
       CASE WHEN EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held,
       CASE WHEN EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL) THEN 1 ELSE 0 END AS disputed,
       (SELECT MIN(p.date) FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id
          AND COALESCE(p.settled_at, 0) = 0 AND p.cancelled_at IS NULL) AS promise_date,
       (SELECT MAX(a.handed_at) FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id
          AND a.handed_at IS NOT NULL) AS last_contact
FROM customer c LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency
WHERE c.company_id = :company AND c.name_folded >= :after AND (c.name_folded > :after OR c.id > :after_id)
  AND (:state = '' OR (:state = 'overdue' AND s.oldest_due <= :min_due) OR (:state = 'held' AND EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.released_at IS NULL
             AND (h.until_date IS NULL OR h.until_date >= :today)))
       OR (:state = 'disputed' AND EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL))
       OR (:state = 'promised' AND EXISTS (SELECT 1 FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id AND COALESCE(p.settled_at, 0) = 0
             AND p.cancelled_at IS NULL)))
  AND c.id @seen AND (:segment = '' OR c.segment = :segment) AND (:collector = '' OR c.collector = :collector)
ORDER BY c.name_folded, c.id LIMIT :limit;
