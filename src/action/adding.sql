-- What adding a single customer asks.

--: adding_code_taken one
--: code text -> taken int
-- Whoever's customer it is: a code is given once in a company.
SELECT COUNT(*) AS taken FROM customer WHERE company_id = :company AND code = :code;
