-- What every customer owes, in sums; kept for lists and totals.

--: standing_head_get maybe
--: -> event_seq int, payment_id id, as_of date
SELECT event_seq, payment_id, as_of FROM standing_head WHERE company_id = :company;

--: standing_newest one
--: -> event_seq int, payment_id id
SELECT COALESCE((SELECT MAX(event_seq) FROM entry WHERE company_id = :company), 0) AS event_seq,
       COALESCE((SELECT MAX(id) FROM payment), 0) AS payment_id;

--: standing_news one
--: event_seq int, payment_id id, most int -> changes int, items int
-- Entries and payments since, counted no further than `most`; and how many instalments the sums are of.
SELECT (SELECT COUNT(*) FROM (SELECT 1 AS one FROM entry WHERE company_id = :company AND event_seq > :event_seq LIMIT :most) AS e)
     + (SELECT COUNT(*) FROM (SELECT 1 AS one FROM payment WHERE id > :payment_id LIMIT :most) AS p) AS changes,
       CAST(COALESCE((SELECT SUM(items) FROM standing_total WHERE company_id = :company), 0) AS BIGINT) AS items;

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

--: fragment aged
SELECT i.company_id, i.customer_id FROM standing_total t CROSS JOIN instalment i
WHERE t.company_id = :company AND i.company_id = :company AND i.currency = t.currency AND i.is_claim = 1 AND i.open > 0

--: standing_mark_aged exec
--: as_of date, today date ->
-- Who owes something that has come into another bucket of lateness between the two days.
INSERT INTO standing_changed (company_id, customer_id)
@@aged AND i.due_date >= :as_of AND i.due_date < :today
UNION @@aged AND i.due_date >= :as_of - 30 AND i.due_date < :today - 30
UNION @@aged AND i.due_date >= :as_of - 60 AND i.due_date < :today - 60
UNION @@aged AND i.due_date >= :as_of - 90 AND i.due_date < :today - 90
ON CONFLICT (company_id, customer_id) DO NOTHING;

--: standing_changed_count one
--: -> count int, customers int
-- How many are to be made anew, of about how many.
SELECT (SELECT COUNT(*) FROM standing_changed WHERE company_id = :company) AS count,
       CAST(COALESCE((SELECT SUM(customers) FROM standing_total WHERE company_id = :company), 0) AS BIGINT) AS customers;

--: standing_changed_clear exec
--: ->
DELETE FROM standing_changed WHERE company_id = :company;

--: fragment sums
CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(overdue) AS BIGINT) AS overdue, CAST(SUM(unapplied) AS BIGINT) AS unapplied,
CAST(SUM(not_due) AS BIGINT) AS not_due, CAST(SUM(days_30) AS BIGINT) AS days_30, CAST(SUM(days_60) AS BIGINT) AS days_60,
CAST(SUM(days_90) AS BIGINT) AS days_90, CAST(SUM(older) AS BIGINT) AS older, CAST(SUM(items) AS BIGINT) AS items,
CAST(SUM(CASE WHEN open > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
CAST(SUM(CASE WHEN overdue > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers_overdue

--: fragment is_changed
customer_id IN (SELECT customer_id FROM standing_changed WHERE company_id = :company)

--: fragment into_totals
INSERT INTO standing_total (company_id, currency, open, overdue, unapplied, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue)
SELECT company_id, currency, @@sums
FROM standing WHERE company_id = :company

--: fragment claims_of_customers
-- The three parts of making rows: what is owed, the money that is not applied, and the two together.
INSERT INTO standing (company_id, customer_id, currency, collector, seller, open, overdue, oldest_due, unapplied, not_due, days_30, days_60, days_90, older, items)
SELECT company_id, customer_id, currency,
       (SELECT c.collector FROM customer c WHERE c.id = parts.customer_id), (SELECT c.seller FROM customer c WHERE c.id = parts.customer_id), CAST(SUM(open) AS BIGINT), CAST(SUM(overdue) AS BIGINT), MIN(oldest_due),
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

--: fragment payments_of_customers
    GROUP BY company_id, customer_id, currency
    UNION ALL
    SELECT company_id, customer_id, currency, 0, 0, NULL, SUM(unapplied), 0, 0, 0, 0, 0, 0
    FROM payment WHERE company_id = :company AND unapplied > 0

--: fragment by_customer
GROUP BY company_id, customer_id, currency
) AS parts GROUP BY company_id, customer_id, currency

--: standing_total_lower exec
--: ->
-- Takes the old rows of the changed customers out of the totals.
UPDATE standing_total SET open = standing_total.open - d.open, overdue = standing_total.overdue - d.overdue, unapplied = standing_total.unapplied - d.unapplied, not_due = standing_total.not_due - d.not_due, days_30 = standing_total.days_30 - d.days_30, days_60 = standing_total.days_60 - d.days_60, days_90 = standing_total.days_90 - d.days_90, older = standing_total.older - d.older, items = standing_total.items - d.items,
       customers = standing_total.customers - d.customers, customers_overdue = standing_total.customers_overdue - d.customers_overdue
FROM (SELECT currency, @@sums
      FROM standing WHERE company_id = :company
        AND @@is_changed GROUP BY currency) AS d
WHERE standing_total.company_id = :company AND standing_total.currency = d.currency;

--: standing_delete_changed exec
--: ->
DELETE FROM standing WHERE company_id = :company
  AND @@is_changed;

--: standing_insert_changed exec
--: today date ->
@@claims_of_customers AND @@is_changed
@@payments_of_customers AND @@is_changed
@@by_customer;

--: standing_total_raise exec
--: ->
@@into_totals
  AND @@is_changed GROUP BY company_id, currency
ON CONFLICT (company_id, currency) DO UPDATE SET open = standing_total.open + excluded.open, overdue = standing_total.overdue + excluded.overdue, unapplied = standing_total.unapplied + excluded.unapplied, not_due = standing_total.not_due + excluded.not_due, days_30 = standing_total.days_30 + excluded.days_30, days_60 = standing_total.days_60 + excluded.days_60, days_90 = standing_total.days_90 + excluded.days_90, older = standing_total.older + excluded.older, items = standing_total.items + excluded.items,
       customers = standing_total.customers + excluded.customers,
       customers_overdue = standing_total.customers_overdue + excluded.customers_overdue;

--: standing_assign exec
--: customer_id id ->
-- A customer's row says whose they are.
UPDATE standing SET collector = (SELECT c.collector FROM customer c WHERE c.id = :customer_id), seller = (SELECT c.seller FROM customer c WHERE c.id = :customer_id)
WHERE company_id = :company AND customer_id = :customer_id;

--: standing_empty exec
--: ->
DELETE FROM standing WHERE company_id = :company;

--: standing_total_empty exec
--: ->
DELETE FROM standing_total WHERE company_id = :company;

--: standing_insert_all exec
--: today date ->
@@claims_of_customers
@@payments_of_customers
@@by_customer;

--: standing_total_all exec
--: ->
@@into_totals GROUP BY company_id, currency;

--: standing_totals many
--: -> currency currency, open money, overdue money, unapplied money, not_due money, days_30 money, days_60 money, days_90 money, older money, items int, customers int, customers_overdue int
-- The currency with the most customers first.
SELECT currency, open, overdue, unapplied, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue
FROM standing_total WHERE company_id = :company AND (open > 0 OR unapplied > 0) ORDER BY customers DESC, currency;

--: standing_totals_seen many
--: like standing_totals -> like standing_totals
-- The same over the customers the caller may see.
SELECT currency, @@sums
FROM (SELECT k.id FROM customer k WHERE k.company_id = :company AND k.id @seen) AS mine CROSS JOIN standing
WHERE company_id = :company AND customer_id = mine.id GROUP BY currency ORDER BY 11 DESC, currency;

--: fragment held_now
h.released_at IS NULL AND (h.until_date IS NULL OR h.until_date >= :today)

--: fragment is_held
EXISTS (SELECT 1 FROM hold_reach h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND @@held_now)

--: fragment is_disputed
EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = c.company_id AND x.customer_id = c.id AND x.closed_at IS NULL)

--: fragment waiting_promise
FROM promise p WHERE p.company_id = c.company_id AND p.customer_id = c.id AND COALESCE(p.settled_at, 0) = 0 AND p.cancelled_at IS NULL

--: fragment customer_row
c.id, c.code, c.name, c.segment, c.collector, COALESCE(s.currency, :currency) AS currency, CAST(COALESCE(s.open, 0) AS BIGINT) AS open,
CAST(COALESCE(s.overdue, 0) AS BIGINT) AS overdue, s.oldest_due, CAST(COALESCE(s.unapplied, 0) AS BIGINT) AS unapplied,
CASE WHEN @@is_held THEN 1 ELSE 0 END AS held, CASE WHEN @@is_disputed THEN 1 ELSE 0 END AS disputed,
(SELECT MIN(p.date) @@waiting_promise) AS promise_date,
(SELECT MAX(a.handed_at) FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id AND a.handed_at IS NOT NULL) AS last_contact

--: fragment is_wanted
(:state = '' OR (:state = 'overdue' AND s.oldest_due <= :min_due) OR (:state = 'held' AND @@is_held) OR (:state = 'disputed' AND @@is_disputed)
 OR (:state = 'promised' AND EXISTS (SELECT 1 @@waiting_promise)))
AND (:segment = '' OR c.segment = :segment) AND (:collector = '' OR c.collector = :collector)

--: fragment by_sum
FROM standing s JOIN customer c ON c.id = s.customer_id WHERE s.company_id = :company AND s.currency = :currency

--: standing_by_overdue many
--: currency currency, today date, after money, after_id id, min_due date, state text, segment text, collector text, limit int -> id id, code text, name text, segment text, collector text, currency currency, open money, overdue money, oldest_due date?, unapplied money, held bool, disputed bool, promise_date date?, last_contact stamp?
-- The most overdue first; goes on after a row. `state`: '' overdue held disputed promised. This and the next three walk an index until there
-- are enough: for filters that leave few customers there is standing_of_few.
SELECT @@customer_row
@@by_sum AND s.overdue <= :after AND (s.overdue < :after OR s.customer_id < :after_id) AND @@is_wanted AND c.id @seen_row
ORDER BY s.overdue DESC, s.customer_id DESC LIMIT :limit;

--: standing_by_open many
--: currency currency, today date, after money, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- Who owes the most first.
SELECT @@customer_row
@@by_sum AND s.open <= :after AND (s.open < :after OR s.customer_id < :after_id) AND @@is_wanted AND c.id @seen_row
ORDER BY s.open DESC, s.customer_id DESC LIMIT :limit;

--: standing_by_oldest many
--: currency currency, today date, after date, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- The oldest debt first; only those who owe.
SELECT @@customer_row
@@by_sum AND s.oldest_due >= :after AND (s.oldest_due > :after OR s.customer_id > :after_id) AND @@is_wanted AND c.id @seen_row
ORDER BY s.oldest_due, s.customer_id LIMIT :limit;

--: standing_by_name many
--: currency currency, today date, after text, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- By name, those who owe nothing too.
SELECT @@customer_row
FROM customer c LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency
WHERE c.company_id = :company AND c.name_folded >= :after AND (c.name_folded > :after OR c.id > :after_id) AND @@is_wanted AND c.id @seen_row
ORDER BY c.name_folded, c.id LIMIT :limit;

--: fragment few
-- The customers one filter leaves, by that filter's own index. `by`: promised disputed held overdue segment.
SELECT p.customer_id AS id FROM promise p WHERE :by = 'promised' AND p.company_id = :company AND p.settled_at IS NULL AND p.cancelled_at IS NULL
UNION ALL SELECT x.customer_id FROM dispute x WHERE :by = 'disputed' AND x.company_id = :company AND x.closed_at IS NULL
UNION ALL SELECT h.customer_id FROM hold_reach h WHERE :by = 'held' AND h.company_id = :company AND @@held_now
UNION ALL SELECT o.customer_id FROM standing o WHERE :by = 'overdue' AND o.company_id = :company AND o.currency = :currency AND o.oldest_due <= :min_due
UNION ALL SELECT k.id FROM customer k WHERE :by = 'segment' AND k.company_id = :company AND k.segment = :segment

--: standing_few_count one
--: by text, currency currency, today date, min_due date, segment text, most int -> count int
-- How many a filter leaves, counted no further than `most`.
SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM (@@few) AS f LIMIT :most) AS counted;

--: standing_of_few many
--: by text, sort text, currency currency, today date, after_rank money, after_name text, after_tie id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- The same rows in the same orders (`sort`: overdue open oldest name), found from the few a filter leaves. Goes on after a rank (sums are
-- negative: the largest first), a name ('' but by name) and a tie (the id, negative with the sums).
SELECT @@customer_row
FROM (SELECT * FROM (
          SELECT c.id AS few_id,
                 CASE :sort WHEN 'overdue' THEN -s.overdue WHEN 'open' THEN -s.open WHEN 'oldest' THEN s.oldest_due ELSE 0 END AS rank,
                 CASE :sort WHEN 'name' THEN c.name_folded ELSE '' END AS place,
                 CASE WHEN :sort IN ('overdue', 'open') THEN -c.id ELSE c.id END AS tie
          FROM customer c LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency
          WHERE c.company_id = :company AND c.id IN (@@few) AND @@is_wanted AND c.id @seen_row
            AND (:sort = 'name' OR s.open IS NOT NULL)
      ) AS ranked
      WHERE rank > :after_rank OR (rank = :after_rank AND (place > :after_name OR (place = :after_name AND tie > :after_tie)))
      ORDER BY rank, place, tie LIMIT :limit) AS found
JOIN customer c ON c.id = found.few_id LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency
ORDER BY found.rank, found.place, found.tie;

--: standing_codes many
--: limit int -> code text
-- Whose customers the caller may see, where not everybody's.
SELECT DISTINCT code FROM membership
WHERE company_id = :company AND code <> '' AND (user_id = :viewer OR (:viewer_team <> 0 AND team_id = :viewer_team)) ORDER BY code LIMIT :limit;

--: fragment of_collector
AND s.collector = :code AND s.collector <> ''

--: fragment of_seller
AND :sellers = 1 AND s.seller = :code AND s.seller <> '' AND s.collector <> :code

--: fragment found_in_order
JOIN customer c ON c.id = found.id LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency

--: fragment late_after
SELECT s.customer_id AS id, s.overdue AS place @@by_sum AND s.overdue <= :after AND (s.overdue < :after OR s.customer_id < :after_id)
AND @@is_wanted AND c.id @seen_row

--: standing_owned_by_overdue many
--: code text, sellers bool, currency currency, today date, after money, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- Like standing_by_overdue, of the customers of one collector; with `sellers` of those too whom the same code sells to. This and the next two
-- walk what is theirs alone.
SELECT @@customer_row
FROM (@@late_after @@of_collector UNION ALL @@late_after @@of_seller ORDER BY 2 DESC, 1 DESC LIMIT :limit) AS found
@@found_in_order
ORDER BY found.place DESC, found.id DESC;

--: fragment ranked
SELECT s.customer_id AS id, CASE :sort WHEN 'open' THEN -s.open ELSE s.oldest_due END AS place,
       CASE :sort WHEN 'open' THEN -s.customer_id ELSE s.customer_id END AS tie @@by_sum AND @@is_wanted AND c.id @seen_row

--: standing_owned_by_rank many
--: code text, sellers bool, sort text, currency currency, today date, after_rank money, after_tie id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- The same in the orders `open` and `oldest`, which are put together each time. After a rank and a tie as standing_of_few has them.
SELECT @@customer_row
FROM (SELECT id, place, tie FROM (@@ranked @@of_collector UNION ALL @@ranked @@of_seller) AS owned
      WHERE place > :after_rank OR (place = :after_rank AND tie > :after_tie) ORDER BY place, tie LIMIT :limit) AS found
@@found_in_order
ORDER BY found.place, found.tie;

--: fragment named_after
SELECT c.id AS id, c.name_folded AS place
FROM customer c LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency
WHERE c.company_id = :company AND c.name_folded >= :after AND (c.name_folded > :after OR c.id > :after_id) AND @@is_wanted AND c.id @seen_row

--: standing_owned_by_name many
--: code text, sellers bool, currency currency, today date, after text, after_id id, min_due date, state text, segment text, collector text, limit int -> like standing_by_overdue
-- The same by name.
SELECT @@customer_row
FROM (@@named_after AND c.collector = :code AND c.collector <> ''
      UNION ALL @@named_after AND :sellers = 1 AND c.seller = :code AND c.seller <> '' AND c.collector <> :code
      ORDER BY 2, 1 LIMIT :limit) AS found
@@found_in_order
ORDER BY found.place, found.id;

--: standing_ids many
--: sort text, currency currency, today date, min_due date, state text, segment text, collector text, after_id id, limit int -> id id
-- Everybody the four lists above show for a filter, by id.
SELECT c.id FROM customer c LEFT JOIN standing s ON s.company_id = c.company_id AND s.customer_id = c.id AND s.currency = :currency
WHERE c.company_id = :company AND (:sort = 'name' OR (s.customer_id IS NOT NULL AND (:sort <> 'oldest' OR s.oldest_due IS NOT NULL)))
  AND c.id > :after_id AND @@is_wanted AND c.id @seen_row ORDER BY c.id LIMIT :limit;

--: standing_chosen maybe
--: id id, today date -> id id, code text, name text, segment text, collector text, strategy_code text, held bool, reached bool, disputed bool, waiting int
-- What a change to many customers asks of one. `held`: by a hold of its own; `reached`: by that or its segment's. `waiting`: messages that would go out.
SELECT c.id, c.code, c.name, c.segment, c.collector, COALESCE(t.code, '') AS strategy_code,
       CASE WHEN EXISTS (SELECT 1 FROM hold h WHERE h.company_id = c.company_id AND h.customer_id = c.id AND h.document_id IS NULL AND @@held_now)
            THEN 1 ELSE 0 END AS held,
       CASE WHEN @@is_held THEN 1 ELSE 0 END AS reached, CASE WHEN @@is_disputed THEN 1 ELSE 0 END AS disputed,
       (SELECT COUNT(*) FROM action a WHERE a.company_id = c.company_id AND a.customer_id = c.id AND a.finished_at IS NULL AND a.status <> 'open'
         AND a.ladder = 'message' AND a.status IN ('planned', 'approval', 'deferred')) AS waiting
FROM customer c LEFT JOIN strategy t ON t.id = c.strategy_id
WHERE c.company_id = :company AND c.id = :id AND c.id @seen;

--: standing_of_customer many
--: id id -> currency currency, open money, overdue money, unapplied money, oldest_due date?, items int
SELECT currency, open, overdue, unapplied, oldest_due, items FROM standing
WHERE company_id = :company AND customer_id = :id AND (open > 0 OR unapplied > 0) ORDER BY currency;
