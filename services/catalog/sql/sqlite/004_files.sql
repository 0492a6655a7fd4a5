-- Which file is whose, and what an upload leaves until it is whole.

-- What an upload was stored as; jobs may give the image another file_path.
ALTER TABLE images ADD COLUMN upload_path TEXT;
-- file_path and upload_path without detours and links, by which rows that mean
-- one file are found. Both NULL: nobody has looked since the row was written.
-- Empty: it can be no file of the uploads folder.
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

-- Bytes whose image has another file by now.
DELETE FROM image_bytes WHERE image_id IN
  (SELECT id FROM images WHERE upload_path IS NULL);

ALTER TABLE deleted_images ADD COLUMN upload_path TEXT;

-- Whose jobs these are: the prefix of the queue's keys. Empty: written by an
-- older Darkroom, which did not say.
ALTER TABLE job_outbox ADD COLUMN queue TEXT NOT NULL DEFAULT '';

-- The images that a key's answer names: it is void without them.
CREATE TABLE upload_key_images (
  upload_key TEXT NOT NULL
    REFERENCES upload_keys (upload_key) ON DELETE CASCADE,
  image_id TEXT NOT NULL,
  PRIMARY KEY (upload_key, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_key_images_by_image ON upload_key_images (image_id);

-- Files that an upload was about to write: removed with the transaction that
-- writes the image's row. What stays belongs to an upload that died.
CREATE TABLE upload_files (
  image_id TEXT PRIMARY KEY,
  file_path TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
