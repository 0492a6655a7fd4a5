-- What an upload stores beside its image, and what remains after a deletion.

ALTER TABLE images ADD COLUMN original_name TEXT; -- the uploader's name for it

-- Which bytes were uploaded: a second upload of the same bytes gets the image
-- of the first.
CREATE TABLE image_bytes (
  sha256 TEXT COLLATE "C" PRIMARY KEY,            -- 64 hex digits
  image_id TEXT COLLATE "C" NOT NULL REFERENCES images (id) ON DELETE CASCADE
);
CREATE INDEX image_bytes_by_image ON image_bytes (image_id);

-- Jobs that Redis may not have yet. They are written with the image's row, and
-- removed once they were added. Their ids are fixed here, so that a second try
-- does not add them twice.
CREATE TABLE job_outbox (
  job_id TEXT COLLATE "C" PRIMARY KEY,
  image_id TEXT COLLATE "C" NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  data TEXT NOT NULL,                   -- JSON
  created_at BIGINT NOT NULL
);
CREATE INDEX job_outbox_by_image ON job_outbox (image_id);
CREATE INDEX job_outbox_by_age ON job_outbox (created_at);

-- Idempotency-Key: the answer to the first upload with a key.
CREATE TABLE upload_keys (
  upload_key TEXT COLLATE "C" PRIMARY KEY,
  sha256 TEXT NOT NULL,                 -- of the bytes uploaded with it
  status BIGINT NOT NULL,                   -- of HTTP
  answer TEXT NOT NULL,                 -- JSON
  created_at BIGINT NOT NULL
);
CREATE INDEX upload_keys_by_age ON upload_keys (created_at);

-- Deleted images: jobs that were added before the deletion must not write rows
-- of them.
CREATE TABLE deleted_images (
  id TEXT COLLATE "C" PRIMARY KEY,
  file_path TEXT NOT NULL,              -- so that a deletion can be repeated
  deleted_at BIGINT NOT NULL,
  is_back BIGINT NOT NULL DEFAULT 0         -- 1: a later job made it again
);
CREATE INDEX deleted_images_by_age ON deleted_images (deleted_at);
