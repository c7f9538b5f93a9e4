-- What the simulation looks at from outside, in read-only transactions.

--: other_versions_delete exec
--: ->
-- At the founding: one strategy is enough, and each run reads them all.
DELETE FROM strategy_version WHERE strategy_id IN (SELECT id FROM strategy WHERE is_default = 0);

--: other_strategies_delete exec
--: ->
DELETE FROM strategy WHERE is_default = 0;

--: inspect_events one
--: -> events int
SELECT events FROM company WHERE id = :company;

--: inspect_instalments many
--: code text -> number text, position int, open money, ledger money, amount money
SELECT d.number, i.position, i.open, CAST(COALESCE((SELECT SUM(e.amount) FROM entry e WHERE e.instalment_id = i.id), 0) AS BIGINT) AS ledger, i.amount
FROM instalment i JOIN document d ON d.id = i.document_id JOIN customer c ON c.id = i.customer_id
WHERE i.company_id = :company AND c.code = :code ORDER BY i.id;

--: inspect_spare one
--: code text -> unapplied money, payments int
SELECT CAST(COALESCE(SUM(p.unapplied), 0) AS BIGINT) AS unapplied, COUNT(*) AS payments FROM payment p JOIN customer c ON c.id = p.customer_id
WHERE p.company_id = :company AND c.code = :code;

--: inspect_address maybe
--: code text -> email text, email_state text
SELECT t.email, t.email_state FROM contact t JOIN customer c ON c.id = t.customer_id WHERE t.company_id = :company AND c.code = :code
ORDER BY t.position, t.id LIMIT 1;

--: inspect_message maybe
--: message_id text -> id id, status text, customer_code text, body_hash blob?
SELECT a.id, a.status, c.code AS customer_code, a.body_hash FROM action a JOIN customer c ON c.id = a.customer_id
WHERE a.company_id = :company AND a.message_id = :message_id;

--: inspect_stated many
--: action_id id -> number text, position int, open_then money
-- What a message says, by the books.
SELECT d.number, i.position, x.open_then FROM action_item x JOIN instalment i ON i.id = x.instalment_id JOIN document d ON d.id = i.document_id
WHERE x.company_id = :company AND x.action_id = :action_id AND x.live = 1;

--: inspect_pairs many
--: action_id id -> number text, position int, step text, occurrence int
SELECT d.number, i.position, x.step, x.occurrence FROM action_item x JOIN instalment i ON i.id = x.instalment_id JOIN document d ON d.id = i.document_id
WHERE x.company_id = :company AND x.action_id = :action_id AND x.step <> '' AND x.live = 1;

--: inspect_sent many
--: -> message_id text
-- What the books say the receiver has.
SELECT message_id FROM action WHERE company_id = :company AND ladder = 'message' AND status = 'sent';

--: inspect_counts one
--: long_ago stamp -> ambiguous int, handing int, pending int, breaches int
-- Message actions by state, of the pending the old ones; and (instalment, step, occurrence) counted live twice.
SELECT CAST(COALESCE(SUM(CASE WHEN status = 'ambiguous' THEN 1 ELSE 0 END), 0) AS BIGINT) AS ambiguous,
       CAST(COALESCE(SUM(CASE WHEN status = 'handing' THEN 1 ELSE 0 END), 0) AS BIGINT) AS handing,
       CAST(COALESCE(SUM(CASE WHEN status IN ('planned', 'deferred') AND created_at <= :long_ago THEN 1 ELSE 0 END), 0) AS BIGINT) AS pending,
       (SELECT COUNT(*) FROM (SELECT 1 AS one FROM action_item WHERE company_id = :company AND live = 1 AND step <> ''
                              GROUP BY instalment_id, step, occurrence HAVING COUNT(*) > 1) AS twice) AS breaches
FROM action WHERE company_id = :company AND ladder = 'message';

--: inspect_silent many
--: until date, watermark date -> number text, position int, code text
-- Old open claims about which the last claim was never made.
SELECT d.number, i.position, c.code FROM instalment i JOIN document d ON d.id = i.document_id JOIN customer c ON c.id = i.customer_id
WHERE i.company_id = :company AND i.is_claim = 1 AND i.open > 0 AND i.due_date <= :until AND i.due_date >= :watermark
  AND NOT EXISTS (SELECT 1 FROM action_item x JOIN action a ON a.id = x.action_id
                  WHERE x.company_id = :company AND x.instalment_id = i.id AND x.step = 'claim-3' AND x.live = 1
                    AND a.status IN ('sent', 'ambiguous', 'settled', 'failed'))
ORDER BY i.id;
