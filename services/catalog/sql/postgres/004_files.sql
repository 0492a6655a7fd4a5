-- Which file is whose, and what an upload leaves until it is whole.

-- What an upload was stored as; jobs may give the image another file_path.
ALTER TABLE images ADD COLUMN upload_path TEXT;
-- file_path and upload_path without detours and links, by which rows that mean
-- one file are found. Both NULL: nobody has looked since the row was written.
-- Empty: it can be no file of the uploads folder.
ALTER TABLE images ADD COLUMN real_path TEXT COLLATE "C";
ALTER TABLE images ADD COLUMN real_upload_path TEXT COLLATE "C";
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
