-- Copies of invoices and the like; the bytes lie in files/ (store/file_store.h).

--: document_file_put exec
--: customer_id id, document_id id, hash blob, name text, media_type text, size int ->
-- The same bytes for the same document once.
INSERT INTO document_file (company_id, customer_id, document_id, hash, name, media_type, size, attached_at)
VALUES (:company, :customer_id, :document_id, :hash, :name, :media_type, :size, :now)
ON CONFLICT (document_id, hash) DO NOTHING;

--: document_files_open many
--: customer_id id -> number text, hash blob, name text, media_type text, size int
-- Of what the customer still has open, in a fixed order.
SELECT d.number, f.hash, f.name, f.media_type, f.size
FROM document_file f JOIN document d ON d.id = f.document_id
WHERE f.company_id = :company AND f.customer_id = :customer_id
  AND EXISTS (SELECT 1 FROM instalment i WHERE i.document_id = f.document_id AND i.open > 0)
ORDER BY d.id, f.attached_at, f.name, f.hash;

--: document_files_of_customer many
--: customer_id id -> number text, hash blob, name text, media_type text, size int, attached_at stamp
SELECT d.number, f.hash, f.name, f.media_type, f.size, f.attached_at
FROM document_file f JOIN document d ON d.id = f.document_id
WHERE f.company_id = :company AND f.customer_id = :customer_id
ORDER BY d.id, f.attached_at, f.name, f.hash;

--: document_files_of_document many
--: document_id id -> hash blob, name text, media_type text, size int, attached_at stamp
SELECT hash, name, media_type, size, attached_at FROM document_file
WHERE company_id = :company AND document_id = :document_id ORDER BY attached_at, hash;

--: document_files_all many
--: -> number text, hash blob, name text, size int
SELECT d.number, f.hash, f.name, f.size FROM document_file f JOIN document d ON d.id = f.document_id
WHERE f.company_id = :company ORDER BY f.document_id, f.hash;

--: document_file_known one
--: document_id id, hash blob -> known bool
SELECT CASE WHEN EXISTS (SELECT 1 FROM document_file WHERE document_id = :document_id AND hash = :hash) THEN 1 ELSE 0 END AS known;
