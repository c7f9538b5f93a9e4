-- How much was ever booked, so that no sum over the ledger can leave the range of the numbers it is made of.

ALTER TABLE company ADD COLUMN volume @int NOT NULL DEFAULT 0; -- minor units of every entry and payment, signs and currencies left aside
UPDATE company SET volume = (SELECT COALESCE(SUM(ABS(e.amount)), 0) FROM entry e WHERE e.company_id = company.id) +
                            (SELECT COALESCE(SUM(p.amount), 0) FROM payment p WHERE p.company_id = company.id);
