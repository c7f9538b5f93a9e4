-- The hash-chained record of everything that happens.

--: timeline_head one
--: -> events int, event_hash blob, volume int
SELECT events, event_hash, volume FROM company WHERE id = :company;

--: timeline_advance exec
--: events int, event_hash blob, volume int ->
-- `volume` is what the events covered more.
UPDATE company SET events = :events, event_hash = :event_hash, volume = volume + :volume WHERE id = :company;

--: event_insert exec bulk
--: seq int, at stamp, actor text, kind text, customer_id id?, subject text, data json, covered int, covered_digest blob?, hash blob ->
INSERT INTO event (company_id, seq, at, actor, kind, customer_id, subject, data, covered, covered_digest, hash)
VALUES (:company, :seq, :at, :actor, :kind, :customer_id, :subject, :data, :covered, :covered_digest, :hash);

--: event_all many
--: -> seq int, at stamp, actor text, kind text, customer_id id?, subject text, data json, covered int, covered_digest blob?, hash blob
SELECT seq, at, actor, kind, customer_id, subject, data, covered, covered_digest, hash
FROM event WHERE company_id = :company ORDER BY seq;

--: event_by_customer many
--: customer_id id, before int, limit int -> seq int, at stamp, actor text, kind text, subject text, data json
-- Newest first.
SELECT seq, at, actor, kind, subject, data FROM event
WHERE company_id = :company AND customer_id = :customer_id AND seq < :before ORDER BY seq DESC LIMIT :limit;
