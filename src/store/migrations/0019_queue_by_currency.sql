-- What waits for a person, one currency after another: sums of different currencies are not larger or smaller than each other.
DROP INDEX action_task;
CREATE INDEX action_task ON action (company_id, currency, total, id, customer_id) WHERE status = 'open';
DROP INDEX action_approval;
CREATE INDEX action_approval ON action (company_id, currency, total, id, customer_id) WHERE status = 'approval';
DROP INDEX action_ambiguous;
CREATE INDEX action_ambiguous ON action (company_id, currency, total, id, customer_id) WHERE status = 'ambiguous';
