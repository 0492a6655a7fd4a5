-- What the variants of an image were made from and how, and what the picture
-- looks like. Written and removed with the rows of the variants.
CREATE TABLE image_marks (
  image_id TEXT PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
  content_hash TEXT,                    -- SHA-256 of the original, 64 hex digits
  recipe_hash TEXT,                     -- of all else that decides the files' bytes
  avif_effort INTEGER NOT NULL,         -- 0..9; not part of recipe_hash
  blur_hash TEXT NOT NULL,              -- 4x3 components
  dominant_color TEXT NOT NULL,         -- #rrggbb
  perceptual_hash TEXT NOT NULL,        -- 64 bits, 16 hex digits
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX image_marks_by_content
  ON image_marks (content_hash, recipe_hash, made_at)
  WHERE content_hash IS NOT NULL;
