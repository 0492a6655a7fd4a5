-- The program decides which parts an image has: with a CHECK of their names,
-- each new part would need a migration. SQLite cannot drop a CHECK, so this
-- makes a new table.

CREATE TABLE new_image_parts (
  image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  part TEXT NOT NULL,                   -- messages/image_part.hpp
  status TEXT NOT NULL
    CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  error TEXT,                           -- of the last attempt that failed
  job_id TEXT NOT NULL,
  job_timestamp INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  value TEXT,                           -- JSON: the result of a part that has no table of its own
  PRIMARY KEY (image_id, part)
) STRICT, WITHOUT ROWID;
INSERT INTO new_image_parts (image_id, part, status, error, job_id,
                             job_timestamp, attempt, updated_at)
  SELECT image_id, part, status, error, job_id, job_timestamp, attempt,
         updated_at FROM image_parts;
DROP TABLE image_parts;
ALTER TABLE new_image_parts RENAME TO image_parts;
CREATE INDEX image_parts_by_status ON image_parts (status, updated_at);
