-- Which files belong to which image, and notes on uploads under way.

-- The path at which an upload was stored; jobs may change the image's
-- file_path.
ALTER TABLE images ADD COLUMN upload_path TEXT;
-- file_path and upload_path without detours and links, to find rows that mean
-- one file. Both NULL: nobody has looked since the row was written. Empty: it
-- cannot be a file of the uploads folder.
ALTER TABLE images ADD COLUMN real_path TEXT;
ALTER TABLE images ADD COLUMN real_upload_path TEXT;
CREATE INDEX images_by_real_path ON images (real_path);
CREATE INDEX images_by_real_upload_path ON images (real_upload_path);
CREATE INDEX images_not_looked_up ON images (id) WHERE real_path IS NULL;
UPDATE images SET upload_path = file_path
WHERE substr(file_path, 1, length('originals/' || id || '.'))
      = 'originals/' || id || '.'
  AND (original_name IS NOT NULL
       OR EXISTS (SELECT 1 FROM image_bytes AS b WHERE b.image_id = images.id));

-- Forgets bytes whose image has another file by now.
DELETE FROM image_bytes WHERE image_id IN
  (SELECT id FROM images WHERE upload_path IS NULL);

ALTER TABLE deleted_images ADD COLUMN upload_path TEXT;

-- The jobs' queue: the prefix of its keys. Empty if an older Darkroom, which
-- did not store it, wrote the row.
ALTER TABLE job_outbox ADD COLUMN queue TEXT NOT NULL DEFAULT '';

-- The images that a key's answer names. Without them the answer is void.
CREATE TABLE upload_key_images (
  upload_key TEXT NOT NULL
    REFERENCES upload_keys (upload_key) ON DELETE CASCADE,
  image_id TEXT NOT NULL,
  PRIMARY KEY (upload_key, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_key_images_by_image ON upload_key_images (image_id);

-- Files that an upload is about to write. The transaction that writes the
-- image's row removes them; what remains belongs to an upload that died.
CREATE TABLE upload_files (
  image_id TEXT PRIMARY KEY,
  file_path TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
