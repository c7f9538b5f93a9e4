-- What a change of the company's data concerns.

--: preview_customer maybe
--: today date -> code text, name text
-- Somebody to show a message of.
SELECT c.code, c.name FROM instalment i JOIN customer c ON c.id = i.customer_id
WHERE i.company_id = :company AND i.is_claim = 1 AND i.open > 0 AND i.due_date < :today AND c.id @seen ORDER BY i.due_date DESC, i.id LIMIT 1;

--: preview_waiting one
--: -> waiting int
-- Messages that are composed anew before they leave.
SELECT COUNT(*) AS waiting FROM action
WHERE company_id = :company AND finished_at IS NULL AND ladder = 'message' AND status IN ('planned', 'approval', 'deferred');
