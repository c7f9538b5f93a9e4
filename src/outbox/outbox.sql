-- Claims, T and outcomes.

--: action_claim exec bulk
--: id id, fence int, claimed_by text, lease_until stamp ->
-- Only the fence that was read may be raised: two claimers of one row cannot both win (INV: I1 I22).
UPDATE action SET fence = fence + 1, claimed_by = :claimed_by, lease_until = :lease_until
WHERE company_id = :company AND id = :id AND fence = :fence AND status IN ('planned', 'deferred');

--: action_for_hand_over maybe
--: id id -> id id, customer_id id, status text, fence int, claimed_by text, step text, reason text, address text, message_id text, attempts int, first_attempt_at stamp?, contact_id id?, body_hash blob?
SELECT id, customer_id, status, fence, claimed_by, step, reason, address, message_id, attempts, first_attempt_at, contact_id, body_hash
FROM action WHERE company_id = :company AND id = :id;

--: action_standing maybe lookup
--: id id -> status text, fence int, attempts int, first_attempt_at stamp?, contact_id id?
-- What an outcome must know about its message.
SELECT status, fence, attempts, first_attempt_at, contact_id FROM action WHERE company_id = :company AND id = :id;

--: action_set_handing exec bulk
--: id id, fence int, message_id text, thread_id text, body_hash blob, tone text, template text, variant text, language text, currency text, total money, step text, reason text ->
UPDATE action SET status = 'handing', message_id = :message_id, thread_id = :thread_id, body_hash = :body_hash, handed_at = :now,
       tone = :tone, template = :template, variant = :variant, language = :language, currency = :currency, total = :total,
       step = :step, reason = :reason, attempts = attempts + 1, first_attempt_at = COALESCE(first_attempt_at, :now)
WHERE company_id = :company AND id = :id AND fence = :fence;

--: action_set_resending exec
--: id id, fence int ->
-- The kept bytes leave once more.
UPDATE action SET status = 'handing', handed_at = :now, attempts = attempts + 1, first_attempt_at = COALESCE(first_attempt_at, :now)
WHERE company_id = :company AND id = :id AND fence = :fence;

--: action_set_kept_back exec
--: id id, fence int, reason text, reply text ->
-- It was not handed over again after all; of the first time nothing more is known than before.
UPDATE action SET status = 'ambiguous', resend = 0, reason = :reason, reply = :reply, not_before = NULL, finished_at = :now, lease_until = NULL
WHERE company_id = :company AND id = :id AND fence = :fence AND status IN ('planned', 'deferred', 'handing');

--: action_items_stated many
--: action_id id -> instalment_id id, step text, occurrence int, open_then money
-- What a message that was handed over says.
SELECT instalment_id, step, occurrence, open_then FROM action_item
WHERE company_id = :company AND action_id = :action_id ORDER BY instalment_id;

--: action_items_kept many
--: ids text -> action_id id, instalment_id id, step text, occurrence int, skipped text, open_then money, live bool
SELECT action_id, instalment_id, step, occurrence, skipped, open_then, live FROM action_item
WHERE company_id = :company AND action_id @among :ids ORDER BY action_id, instalment_id;

--: action_set_outcome exec bulk
--: id id, fence int, status text, reason text, reply text ->
-- What became of a message that was being handed over; a late "accepted" settles what was called ambiguous meanwhile.
UPDATE action SET status = :status, reason = :reason, reply = :reply, finished_at = :now, lease_until = NULL, resend = 0
WHERE company_id = :company AND id = :id AND fence = :fence
  AND (status = 'handing' OR (status = 'ambiguous' AND :status = 'sent'));

--: action_set_deferred exec
--: id id, fence int, reason text, reply text, not_before stamp ->
-- Not sent for sure: it may be tried again. Before T the attempt is counted here, after T it was.
UPDATE action SET attempts = CASE WHEN status = 'handing' THEN attempts ELSE attempts + 1 END,
       first_attempt_at = COALESCE(first_attempt_at, :now), handed_at = CASE WHEN resend = 1 THEN handed_at ELSE NULL END,
       body_hash = CASE WHEN resend = 1 THEN body_hash ELSE NULL END,
       status = 'deferred', reason = :reason, reply = :reply, not_before = :not_before, lease_until = NULL
WHERE company_id = :company AND id = :id AND fence = :fence AND status IN ('planned', 'deferred', 'handing');

--: action_set_failed exec
--: id id, fence int, reason text, reply text ->
UPDATE action SET status = 'failed', reason = :reason, reply = :reply, finished_at = :now, lease_until = NULL, handed_at = NULL, body_hash = NULL
WHERE company_id = :company AND id = :id AND fence = :fence AND status IN ('planned', 'deferred', 'handing');

--: action_set_refused exec
--: id id, fence int, status text, reason text, not_before stamp? ->
-- The gate said no.
UPDATE action SET status = :status, reason = :reason, not_before = :not_before, lease_until = NULL,
       finished_at = CASE WHEN :status = 'refused' THEN :now ELSE NULL END
WHERE company_id = :company AND id = :id AND fence = :fence AND status IN ('planned', 'deferred');

--: action_unclaim exec
--: id id, fence int ->
UPDATE action SET lease_until = NULL WHERE company_id = :company AND id = :id AND fence = :fence AND status IN ('planned', 'deferred');

--: action_renew exec
--: claimed_by text, lease_until stamp ->
UPDATE action SET lease_until = :lease_until
WHERE company_id = :company AND ladder = 'message' AND finished_at IS NULL AND claimed_by = :claimed_by AND lease_until IS NOT NULL AND status IN ('planned', 'deferred', 'handing');

--: claimers many
--: -> claimed_by text, lease_until stamp?
SELECT claimed_by, MAX(lease_until) AS lease_until FROM action
WHERE company_id = :company AND ladder = 'message' AND finished_at IS NULL AND lease_until IS NOT NULL GROUP BY claimed_by;

--: claims_release exec
--: claimed_by text ->
-- Of a claimer that is gone: what was not handed over may be claimed again.
UPDATE action SET lease_until = NULL WHERE company_id = :company AND ladder = 'message' AND finished_at IS NULL AND claimed_by = :claimed_by AND status IN ('planned', 'deferred', 'approval');

--: handing_of_claimer many
--: claimed_by text -> id id, customer_id id, message_id text, fence int
SELECT id, customer_id, message_id, fence FROM action
WHERE company_id = :company AND ladder = 'message' AND finished_at IS NULL AND claimed_by = :claimed_by AND status = 'handing' ORDER BY id;

--: message_body_put exec bulk
--: action_id id, bytes blob ->
INSERT INTO message_body (action_id, company_id, bytes) VALUES (:action_id, :company, :bytes)
ON CONFLICT (action_id) DO UPDATE SET bytes = excluded.bytes;

--: message_body_get maybe
--: action_id id -> bytes blob
SELECT bytes FROM message_body WHERE company_id = :company AND action_id = :action_id;

--: contact_bounced exec
--: id id ->
UPDATE contact SET email_state = 'bounced' WHERE company_id = :company AND id = :id AND email_state = 'ok';

--: action_pairs many
--: action_id id -> instalment_id id, step text, occurrence int
SELECT instalment_id, step, occurrence FROM action_item WHERE company_id = :company AND action_id = :action_id AND step <> '' AND live = 1
ORDER BY instalment_id;

--: gate_state one
--: -> sending text, confirmed_at stamp?, journal_seq int
SELECT c.sending, i.confirmed_at, i.journal_seq FROM company c, instance i WHERE c.id = :company AND i.id = 1;

--: journal_advance exec
--: journal_seq int ->
UPDATE instance SET journal_seq = :journal_seq WHERE id = 1;

--: instance_insert exec
--: uuid text, confirmed_at stamp? ->
INSERT INTO instance (id, uuid, confirmed_at, journal_seq) VALUES (1, :uuid, :confirmed_at, 0);

--: instance_get maybe
--: -> uuid text, confirmed_at stamp?, journal_seq int
SELECT uuid, confirmed_at, journal_seq FROM instance WHERE id = 1;

--: database_identity one
--: -> identity text
-- What tells one database of a server from its copy; on SQLite that is the file.
SELECT '-' AS identity;
--@pg
SELECT CAST(d.oid AS TEXT) || ' ' || d.datname AS identity FROM pg_catalog.pg_database d WHERE d.datname = current_database();

--: instance_confirm exec
--: uuid text ->
UPDATE instance SET uuid = :uuid, confirmed_at = :now WHERE id = 1;

--: instance_unconfirm exec
--: ->
UPDATE instance SET confirmed_at = NULL WHERE id = 1;

--: restored_step_put exec
--: number text, position int, step text, occurrence int, date date ->
INSERT INTO restored_step (company_id, number, position, step, occurrence, date) VALUES (:company, :number, :position, :step, :occurrence, :date)
ON CONFLICT DO NOTHING;

--: action_by_message_id maybe
--: message_id text, customer_id id -> id id, status text
SELECT id, status FROM action WHERE company_id = :company AND customer_id = :customer_id AND message_id = :message_id;

--: action_restored exec
--: id id, customer_id id, step text, planned_date date, message_id text, handed_at stamp, channel text ->
-- A message known from the journal alone.
INSERT INTO action (id, company_id, customer_id, ladder, strategy_id, strategy_version, step, status, reason, planned_date, channel,
                    message_id, handed_at, finished_at, created_at)
VALUES (:id, :company, :customer_id, 'message', 0, 0, :step, 'sent', 'RESTORED', :planned_date, :channel, :message_id, :handed_at, :now, :now);

--: state_items many
--: action_id id -> instalment_id id, customer_id id, document_id id, number text, open money
-- What an approved change of state is about.
SELECT i.id AS instalment_id, i.customer_id, i.document_id, d.number, i.open
FROM action_item x JOIN instalment i ON i.id = x.instalment_id JOIN document d ON d.id = i.document_id
WHERE x.company_id = :company AND x.action_id = :action_id AND x.step <> ''
ORDER BY i.document_id, i.id;
