-- Documents and their instalments.

--: document_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM document;

--: instalment_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM instalment;

--: document_insert exec bulk
--: id id, customer_id id, number text, type text, issue_date date, currency currency, amount money, reference text, description text, file text, applies_to text, custom json, event_seq int ->
INSERT INTO document (id, company_id, customer_id, number, type, issue_date, currency, amount, reference, description, file,
                      applies_to, custom, event_seq)
VALUES (:id, :company, :customer_id, :number, :type, :issue_date, :currency, :amount, :reference, :description, :file,
        :applies_to, :custom, :event_seq);

--: instalment_insert exec bulk
--: id id, customer_id id, document_id id, position int, is_claim bool, issue_date date, due_date date, currency currency, amount money, open money, seal int ->
INSERT INTO instalment (id, company_id, customer_id, document_id, position, is_claim, issue_date, due_date, currency, amount, open, seal)
VALUES (:id, :company, :customer_id, :document_id, :position, :is_claim, :issue_date, :due_date, :currency, :amount, :open, :seal);

--: document_grow exec
--: id id, more money ->
-- A further instalment of a document being imported.
UPDATE document SET amount = amount + :more WHERE company_id = :company AND id = :id;

--: document_by_number maybe lookup
--: number text -> id id, customer_id id, type text, issue_date date, currency currency, amount money, event_seq int, reference text, description text, applies_to text
SELECT id, customer_id, type, issue_date, currency, amount, event_seq, reference, description, applies_to FROM document
WHERE company_id = :company AND number = :number;

--: document_seen_by_number maybe
--: number text -> like document_by_number
-- For whoever asks.
SELECT id, customer_id, type, issue_date, currency, amount, event_seq, reference, description, applies_to FROM document d
WHERE company_id = :company AND number = :number AND d.customer_id @seen;

--: document_get one
--: id id -> id id, customer_id id, number text, type text, issue_date date, currency currency, amount money, reference text, description text, file text, applies_to text, custom json
SELECT id, customer_id, number, type, issue_date, currency, amount, reference, description, file, applies_to, custom
FROM document WHERE company_id = :company AND id = :id;

--: instalment_by_position maybe
--: document_id id, position int -> id id, due_date date, amount money, open money
SELECT id, due_date, amount, open FROM instalment WHERE document_id = :document_id AND position = :position;

--: instalments_of_document many
--: document_id id -> id id, position int, due_date date, amount money, open money, is_claim bool
SELECT id, position, due_date, amount, open, is_claim FROM instalment WHERE document_id = :document_id ORDER BY due_date, position;

--: instalments_open_of_customer many
--: customer_id id, currency currency, today date -> id id, document_id id, due_date date, open money
-- What money without a named invoice pays, in this order: undisputed before disputed, oldest due first, issued only.
SELECT i.id, i.document_id, i.due_date, i.open FROM instalment i
WHERE i.company_id = :company AND i.customer_id = :customer_id AND i.currency = :currency AND i.open > 0 AND i.is_claim = 1
  AND i.issue_date <= :today
ORDER BY CASE WHEN EXISTS (SELECT 1 FROM dispute d WHERE d.document_id = i.document_id AND d.closed_at IS NULL) THEN 1 ELSE 0 END,
         i.due_date, i.id;

--: fragment instalment_state
-- An instalment with what its state follows from.
d.number, i.position, c.code AS customer_code, c.name AS customer_name, d.type, d.issue_date, i.due_date, i.currency,
       i.amount, i.open, i.id AS instalment_id, i.customer_id, i.is_claim,
       CASE WHEN i.open = 0 THEN CAST(COALESCE((SELECT -SUM(e.amount) FROM entry e WHERE e.instalment_id = i.id AND e.kind = 'write_off'), 0) AS BIGINT)
            ELSE CAST(0 AS BIGINT) END AS written_off,
       CASE WHEN EXISTS (SELECT 1 FROM dispute x WHERE x.company_id = i.company_id AND x.customer_id = i.customer_id
                         AND x.document_id = i.document_id
                         AND (x.closed_at IS NULL OR (x.outcome = 'accepted' AND NOT EXISTS (
                              SELECT 1 FROM entry e WHERE e.instalment_id = i.id AND e.kind = 'credit')))) THEN 1 ELSE 0 END AS disputed,
       CASE WHEN EXISTS (SELECT 1 FROM hold_reach h WHERE h.company_id = i.company_id AND h.customer_id = i.customer_id AND h.released_at IS NULL
                         AND (h.document_id IS NULL OR h.document_id = i.document_id)
                         AND (h.until_date IS NULL OR h.until_date >= :today)) THEN 1 ELSE 0 END AS held,
       CASE WHEN EXISTS (SELECT 1 FROM promise p JOIN promise_item pi ON pi.promise_id = p.id
                         WHERE p.company_id = i.company_id AND p.customer_id = i.customer_id AND pi.instalment_id = i.id
                         AND p.cancelled_at IS NULL AND p.settled_at IS NULL AND p.date >= :today) THEN 1 ELSE 0 END AS promised,
       COALESCE((SELECT s.kind FROM recourse s WHERE s.company_id = i.company_id AND s.customer_id = i.customer_id
                 AND s.document_id = i.document_id AND s.ended_at IS NULL), '') AS recourse

--: instalment_list many
--: only_open bool, today date, after id -> number text, position int, customer_code text, customer_name text, type text, issue_date date, due_date date, currency currency, amount money, open money, instalment_id id, customer_id id, is_claim bool, written_off money, disputed bool, held bool, promised bool, recourse text
-- One row per instalment with what its state follows from.
SELECT @@instalment_state
FROM instalment i JOIN document d ON d.id = i.document_id JOIN customer c ON c.id = i.customer_id
WHERE i.company_id = :company AND (:only_open = 0 OR i.open > 0)
  AND i.id > :after AND i.customer_id @seen
ORDER BY i.id;

--: instalment_list_of_customer many
--: customer_id id, only_open bool, today date, after id -> like instalment_list
-- The same for one customer, by their documents: settled instalments stand in no index of customers.
SELECT @@instalment_state
FROM document d JOIN instalment i ON i.document_id = d.id JOIN customer c ON c.id = d.customer_id
WHERE d.company_id = :company AND d.customer_id = :customer_id AND (:only_open = 0 OR i.open > 0)
  AND i.id > :after AND i.customer_id @seen
ORDER BY i.id;

--: instalments_settled_by_snapshot many
--: event_seq int -> id id, document_id id, customer_id id, currency currency, open money
-- Open claims known before this snapshot that it does not mention.
SELECT i.id, i.document_id, i.customer_id, i.currency, i.open FROM instalment i
WHERE i.company_id = :company AND i.open > 0 AND i.is_claim = 1
  AND NOT EXISTS (SELECT 1 FROM snapshot_seen s WHERE s.instalment_id = i.id)
  AND EXISTS (SELECT 1 FROM document d WHERE d.id = i.document_id AND d.event_seq < :event_seq)
ORDER BY i.id;

--: snapshot_seen_insert exec bulk
--: instalment_id id ->
INSERT INTO snapshot_seen (instalment_id) VALUES (:instalment_id);

--: snapshot_seen_clear exec
--: ->
DELETE FROM snapshot_seen;

--: import_mapping_get maybe
--: name text, kind text -> options text
SELECT options FROM import_mapping WHERE company_id = :company AND name = :name AND kind = :kind;

--: import_mapping_put exec
--: name text, kind text, options text ->
INSERT INTO import_mapping (company_id, name, kind, options) VALUES (:company, :name, :kind, :options)
ON CONFLICT (company_id, name, kind) DO UPDATE SET options = excluded.options;

--: document_case one
--: id id -> open money, dispute_reason text?
-- What is open of it, and what is said in the dispute that is open about it.
SELECT CAST(COALESCE((SELECT SUM(i.open) FROM instalment i WHERE i.document_id = d.id), 0) AS BIGINT) AS open,
       (SELECT x.reason FROM dispute x WHERE x.company_id = d.company_id AND x.document_id = d.id AND x.closed_at IS NULL
        ORDER BY x.id LIMIT 1) AS dispute_reason
FROM document d WHERE d.company_id = :company AND d.id = :id;
