-- What the call panel asks: which call comes next, and when one is to be tried again.

--: call_task maybe
--: id id -> customer_id id, step text, template text, status text, currency text, total money
-- A task of a customer the caller may see.
SELECT a.customer_id, a.step, a.template, a.status, a.currency, a.total FROM action a
WHERE a.company_id = :company AND a.id = :id AND a.ladder = 'task' AND a.customer_id @seen;

--: call_next maybe
--: id id, since stamp, from_currency text, to_currency text, but text -> id id, customer_code text, customer_name text, currency text, total money
-- The open call that is worth most in these currencies among those nobody tried since, other than this one; through the index of open tasks.
SELECT a.id, c.code AS customer_code, c.name AS customer_name, a.currency, a.total
FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.customer_id @seen AND a.status = 'open' AND a.template = 'call' AND a.id <> :id
  AND (a.not_before IS NULL OR a.not_before <= :now)
  AND NOT EXISTS (SELECT 1 FROM manual_contact m WHERE m.company_id = a.company_id AND m.customer_id = a.customer_id AND m.at >= :since
                  AND m.channel = 'call')
  AND a.currency >= :from_currency AND a.currency <= :to_currency AND a.currency <> :but
ORDER BY a.currency DESC, a.total DESC, a.id DESC LIMIT 1;

--: call_open_task maybe
--: customer_id id -> id id
-- The customer's open call, if there is one.
SELECT a.id FROM action a
WHERE a.company_id = :company AND a.status = 'open' AND a.template = 'call' AND a.id IN (SELECT x.action_id FROM action_item x
      WHERE x.company_id = :company AND x.customer_id = :customer_id AND x.step <> '' AND x.live = 1)
ORDER BY a.id DESC LIMIT 1;

--: call_again exec
--: id id, not_before stamp ->
-- An open task is out of the day's queue until then.
UPDATE action SET not_before = :not_before WHERE company_id = :company AND id = :id AND ladder = 'task' AND status = 'open';

--: promise_to_cancel maybe
--: id id -> customer_id id, customer_code text, settled_at stamp?, cancelled_at stamp?
SELECT p.customer_id, c.code AS customer_code, p.settled_at, p.cancelled_at FROM promise p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND p.id = :id AND p.customer_id @seen;

--: promise_cancel exec
--: id id ->
UPDATE promise SET cancelled_at = :now WHERE company_id = :company AND id = :id AND cancelled_at IS NULL AND settled_at IS NULL;

--: customer_steps_said many
--: customer_id id, limit int -> id id, step text, tone text
-- Which step each of a customer's latest messages was.
SELECT id, step, tone FROM action WHERE company_id = :company AND customer_id = :customer_id AND handed_at IS NOT NULL
ORDER BY handed_at DESC LIMIT :limit;

--: strategy_choices many
--: -> code text, name text
-- What a customer may be put on.
SELECT code, name FROM strategy WHERE company_id = :company ORDER BY name, code;
