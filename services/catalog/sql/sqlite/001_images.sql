-- What Darkroom knows of every image. Times are integer ms since the epoch;
-- columns that hold JSON are text.

CREATE TABLE images (
  id TEXT PRIMARY KEY,
  file_path TEXT NOT NULL,              -- the original, below the uploads folder
  status TEXT NOT NULL                  -- derived from the parts, never set alone
    CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  error TEXT,                           -- why, where status is failed
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  processed_at INTEGER                  -- when it last became completed
) STRICT;
CREATE INDEX images_by_age ON images (created_at DESC, id);
CREATE INDEX images_by_status ON images (status, created_at DESC, id);

-- One row for each of an image's parts that was ever begun. job_id,
-- job_timestamp and attempt are the newest stamp seen: the fence.
CREATE TABLE image_parts (
  image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('metadata', 'variants', 'embedding')),
  status TEXT NOT NULL
    CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  error TEXT,                           -- of the last attempt that failed
  job_id TEXT NOT NULL,
  job_timestamp INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (image_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_parts_by_status ON image_parts (status, updated_at);

CREATE TABLE image_metadata (
  id INTEGER PRIMARY KEY,
  image_id TEXT NOT NULL UNIQUE REFERENCES images (id) ON DELETE CASCADE,
  description TEXT NOT NULL,
  detailed_description TEXT NOT NULL,
  tags TEXT NOT NULL,                   -- JSON array of strings
  categories TEXT NOT NULL,             -- JSON array of strings
  objects TEXT NOT NULL,                -- JSON array of strings
  colors TEXT NOT NULL,                 -- JSON object with "dominant"
  mood TEXT NOT NULL,
  style TEXT NOT NULL,
  composition TEXT NOT NULL,            -- JSON object
  searchable_text TEXT NOT NULL,
  generated_at INTEGER NOT NULL,
  model TEXT NOT NULL
) STRICT;

CREATE TABLE image_variants (
  id INTEGER PRIMARY KEY,
  image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  variant_type TEXT NOT NULL,           -- sm, md, lg
  format TEXT NOT NULL,                 -- webp, avif
  width INTEGER NOT NULL,               -- px
  height INTEGER NOT NULL,              -- px
  file_size INTEGER NOT NULL,           -- bytes
  file_path TEXT NOT NULL,              -- below the uploads folder
  created_at INTEGER NOT NULL,
  UNIQUE (image_id, variant_type, format)
) STRICT;

-- The vector store: one entry an image, its id is the image's.
CREATE TABLE embeddings (
  id TEXT PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
  type TEXT NOT NULL DEFAULT 'image',
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  searchable_text TEXT NOT NULL,
  metadata TEXT NOT NULL,               -- JSON object
  model TEXT NOT NULL,                  -- only vectors of one model compare
  dimensions INTEGER NOT NULL,
  vector BLOB NOT NULL,                 -- float32, little endian
  created_at INTEGER NOT NULL
) STRICT;
