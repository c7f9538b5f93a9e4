-- Mails that ask for nothing.

--: thanks_due many
--: since date, today date, booked_since stamp -> payment_id id, customer_id id, date date, currency currency, amount money, reference text
-- Applied payments nobody was thanked for, of customers with nothing overdue. What was booked before is history.
SELECT p.id AS payment_id, p.customer_id, p.date, p.currency, p.amount, p.reference
FROM payment p JOIN event e ON e.company_id = p.company_id AND e.seq = p.event_seq
WHERE p.company_id = :company AND p.date >= :since AND p.reversed_seq IS NULL AND p.unapplied < p.amount AND e.at >= :booked_since
  AND NOT EXISTS (SELECT 1 FROM courtesy_mail m WHERE m.company_id = p.company_id AND m.customer_id = p.customer_id AND m.payment_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM instalment i WHERE i.company_id = p.company_id AND i.customer_id = p.customer_id AND i.is_claim = 1
                    AND i.open > 0 AND i.due_date < :today)
ORDER BY p.customer_id, p.date DESC, p.id DESC;

--: thanks_still_true one
--: payment_id id, today date -> holds int
-- At the instant of handing over: not taken back, and still nothing overdue.
SELECT COUNT(*) AS holds FROM payment p
WHERE p.company_id = :company AND p.id = :payment_id AND p.reversed_seq IS NULL AND p.unapplied < p.amount
  AND NOT EXISTS (SELECT 1 FROM instalment i WHERE i.company_id = p.company_id AND i.customer_id = p.customer_id AND i.is_claim = 1
                    AND i.open > 0 AND i.due_date < :today);

--: courtesy_payment maybe
--: payment_id id -> date date, currency currency, amount money, reference text
SELECT date, currency, amount, reference FROM payment WHERE company_id = :company AND id = :payment_id;

--: courtesy_confirmed maybe
--: -> confirmed_at stamp?
SELECT confirmed_at FROM instance WHERE id = 1;

--: courtesy_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM courtesy_mail;

--: courtesy_known one
--: kind text, subject text -> known int
SELECT COUNT(*) AS known FROM courtesy_mail WHERE company_id = :company AND kind = :kind AND subject = :subject;

--: courtesy_add exec
--: id id, kind text, subject text, customer_id id?, payment_id id?, status text, address text, variant text, planned_date date ->
INSERT INTO courtesy_mail (id, company_id, kind, subject, customer_id, payment_id, status, address, variant, planned_date, created_at)
VALUES (:id, :company, :kind, :subject, :customer_id, :payment_id, :status, :address, :variant, :planned_date, :now);

--: courtesy_last_variant maybe
--: customer_id id -> variant text
SELECT variant FROM courtesy_mail WHERE company_id = :company AND customer_id = :customer_id AND kind = 'thanks' AND variant <> ''
ORDER BY id DESC LIMIT 1;

--: courtesy_ready many
--: -> id id, kind text, subject text, customer_id id?, payment_id id?, address text, variant text, attempts int
SELECT id, kind, subject, customer_id, payment_id, address, variant, attempts FROM courtesy_mail
WHERE company_id = :company AND status = 'planned' AND (not_before IS NULL OR not_before <= :now) ORDER BY id;

--: courtesy_handing exec
--: id id, message_id text, body blob ->
-- T: only one that is still planned.
UPDATE courtesy_mail SET status = 'handing', message_id = :message_id, body = :body, handed_at = :now
WHERE company_id = :company AND id = :id AND status = 'planned';

--: courtesy_wait exec
--: id id, reason text, not_before stamp?, attempts int, reply text ->
UPDATE courtesy_mail SET status = 'planned', reason = :reason, not_before = :not_before, attempts = :attempts, reply = :reply
WHERE company_id = :company AND id = :id AND status IN ('planned', 'handing');

--: courtesy_end exec
--: id id, status text, reason text, reply text ->
UPDATE courtesy_mail SET status = :status, reason = :reason, reply = :reply
WHERE company_id = :company AND id = :id AND status IN ('planned', 'handing', 'ambiguous');

--: courtesy_lost exec
--: before stamp ->
-- Whoever was handing these over has died: what became of them is unknown, and they are never handed over again.
UPDATE courtesy_mail SET status = 'ambiguous', reason = 'CRASH'
WHERE company_id = :company AND status = 'handing' AND handed_at < :before;
