--: page_put exec
--: id id, bytes blob ->
INSERT INTO page (id, bytes) VALUES (:id, :bytes) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes;

--: page_count one
--: -> count int
SELECT count(*) FROM page;
