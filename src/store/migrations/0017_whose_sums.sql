-- Whose customers the sums are of, so that a collector's list walks what is theirs.

ALTER TABLE standing ADD COLUMN collector @text NOT NULL DEFAULT ''; -- as customer says
ALTER TABLE standing ADD COLUMN seller @text NOT NULL DEFAULT '';
UPDATE standing SET collector = (SELECT c.collector FROM customer c WHERE c.id = standing.customer_id),
                    seller = (SELECT c.seller FROM customer c WHERE c.id = standing.customer_id);
CREATE INDEX standing_collector ON standing (company_id, currency, collector, overdue, customer_id, open, oldest_due) WHERE collector <> '';
CREATE INDEX standing_seller ON standing (company_id, currency, seller, overdue, customer_id, open, oldest_due) WHERE seller <> '';
-- Whose customers they are, by name; and which segments there are among them.
DROP INDEX customer_collector;
CREATE INDEX customer_collector ON customer (company_id, collector, name_folded, id, segment) WHERE collector <> '';
DROP INDEX customer_seller;
CREATE INDEX customer_seller ON customer (company_id, seller, name_folded, id, segment) WHERE seller <> '';
