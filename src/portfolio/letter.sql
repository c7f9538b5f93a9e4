-- Postal addresses, and letters in print.

--: postal_address_put exec
--: customer_id id, street text, postal_code text, city text, region text, country text ->
-- A new address is a good one until a letter comes back.
INSERT INTO postal_address (customer_id, company_id, street, postal_code, city, region, country, state)
VALUES (:customer_id, :company, :street, :postal_code, :city, :region, :country, 'ok')
ON CONFLICT (customer_id) DO UPDATE SET street = excluded.street, postal_code = excluded.postal_code, city = excluded.city,
    region = excluded.region, country = excluded.country, state = 'ok';

--: postal_address_get maybe
--: customer_id id -> street text, postal_code text, city text, region text, country text, state text
SELECT street, postal_code, city, region, country, state FROM postal_address WHERE company_id = :company AND customer_id = :customer_id;

--: postal_address_returned exec
--: customer_id id ->
UPDATE postal_address SET state = 'returned' WHERE company_id = :company AND customer_id = :customer_id;

--: letters_unbatched many
--: -> id id, customer_id id
-- Handed over, and in no batch.
SELECT a.id, a.customer_id FROM action a
WHERE a.company_id = :company AND a.channel = 'letter' AND a.status = 'sent'
  AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.action_id = a.id) ORDER BY a.id;

--: letter_batch_next_id one
--: -> id id
SELECT COALESCE(MAX(id), 0) + 1 AS id FROM letter_batch;

--: letter_batch_insert exec
--: id id, actor text ->
INSERT INTO letter_batch (id, company_id, made_at, actor) VALUES (:id, :company, :now, :actor);

--: letter_batch_printed exec
--: id id, hash blob ->
UPDATE letter_batch SET hash = :hash, printed = printed + 1 WHERE company_id = :company AND id = :id;

--: letter_batch_get maybe
--: id id -> id id, made_at stamp, hash blob?, printed int, letters int
SELECT b.id, b.made_at, b.hash, b.printed, (SELECT COUNT(*) FROM letter l WHERE l.company_id = b.company_id AND l.batch_id = b.id) AS letters
FROM letter_batch b WHERE b.company_id = :company AND b.id = :id;

--: letter_insert exec
--: action_id id, customer_id id, batch_id id, position int ->
INSERT INTO letter (action_id, company_id, customer_id, batch_id, position) VALUES (:action_id, :company, :customer_id, :batch_id, :position);

--: letters_of_batch many
--: batch_id id -> action_id id, body_hash blob?
SELECT l.action_id, a.body_hash FROM letter l JOIN action a ON a.id = l.action_id
WHERE l.company_id = :company AND l.batch_id = :batch_id ORDER BY l.position;

--: letter_list many
--: after id -> id id, customer_code text, batch_id id, position int, made_at stamp, printed int, registered_number text, posted_on date?, delivered_on date?, proof_name text
SELECT l.action_id AS id, c.code AS customer_code, l.batch_id, l.position, b.made_at, b.printed, l.registered_number, l.posted_on,
       l.delivered_on, l.proof_name
FROM letter l JOIN letter_batch b ON b.id = l.batch_id JOIN customer c ON c.id = l.customer_id
WHERE l.company_id = :company AND l.action_id > :after AND c.id @seen ORDER BY l.action_id;

--: letter_get maybe
--: id id -> customer_id id, batch_id id, registered_number text, posted_on date?, delivered_on date?
SELECT customer_id, batch_id, registered_number, posted_on, delivered_on FROM letter WHERE company_id = :company AND action_id = :id;

--: letter_posted exec
--: id id, registered_number text, posted_on date ->
UPDATE letter SET registered_number = :registered_number, posted_on = :posted_on WHERE company_id = :company AND action_id = :id;

--: letter_proved exec
--: id id, delivered_on date, proof_hash blob, proof_name text ->
UPDATE letter SET delivered_on = :delivered_on, proof_hash = :proof_hash, proof_name = :proof_name
WHERE company_id = :company AND action_id = :id;
