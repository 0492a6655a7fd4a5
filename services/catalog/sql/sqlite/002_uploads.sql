-- What an upload leaves beside its image, and what a deletion leaves of one.

ALTER TABLE images ADD COLUMN original_name TEXT; -- as the uploader called it

-- Whose bytes were seen: a second upload of them gets the first one's image.
CREATE TABLE image_bytes (
  sha256 TEXT PRIMARY KEY,            -- 64 hex digits
  image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX image_bytes_by_image ON image_bytes (image_id);

-- Jobs that Redis is not known to have: written with the image's row, removed
-- once they were added. Their ids are fixed here, so that no second try adds
-- them twice.
CREATE TABLE job_outbox (
  job_id TEXT PRIMARY KEY,
  image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  data TEXT NOT NULL,                   -- JSON
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX job_outbox_by_image ON job_outbox (image_id);
CREATE INDEX job_outbox_by_age ON job_outbox (created_at);

-- Idempotency-Key: what the first upload under a key was answered.
CREATE TABLE upload_keys (
  upload_key TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,                 -- of what was uploaded under it
  status INTEGER NOT NULL,                   -- of HTTP
  answer TEXT NOT NULL,                 -- JSON
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_keys_by_age ON upload_keys (created_at);

-- Images that were deleted: jobs added until then may write no row of them.
CREATE TABLE deleted_images (
  id TEXT PRIMARY KEY,
  file_path TEXT NOT NULL,              -- so that a deletion can be repeated
  deleted_at INTEGER NOT NULL,
  is_back INTEGER NOT NULL DEFAULT 0         -- 1: a later job made it again
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_images_by_age ON deleted_images (deleted_at);
