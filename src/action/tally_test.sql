--: tally_test_count one
--: -> count int
SELECT COUNT(*) AS count FROM customer WHERE company_id = :company AND id @seen;
