-- Search: words of descriptions, words to filter by, and vectors by space.

-- A space is the provider's host ("local": this machine's models), the model
-- and the length. Only vectors of one space compare; an image may have one in
-- each. It is stale once searchable_text differs from that of the metadata.
ALTER TABLE embeddings
  ADD COLUMN host TEXT COLLATE "C" NOT NULL DEFAULT '', -- empty: an older Darkroom did not store it
  ADD COLUMN text_hash TEXT,            -- SHA-256 of searchable_text; NULL as host
  ALTER COLUMN model TYPE TEXT COLLATE "C";
UPDATE embeddings SET host = 'local' WHERE model LIKE 'local-%';
ALTER TABLE embeddings
  DROP CONSTRAINT embeddings_pkey,
  ADD PRIMARY KEY (id, host, model, dimensions);
CREATE INDEX embeddings_by_space ON embeddings (host, model, dimensions, id);

-- One row: the space that is searched, and the number of the newest change.
CREATE TABLE search_state (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  change BIGINT NOT NULL,
  host TEXT COLLATE "C",                -- NULL: there is no vector yet
  model TEXT COLLATE "C",
  dimensions BIGINT
);
INSERT INTO search_state (id, change) VALUES (1, 0);
UPDATE search_state SET (host, model, dimensions) =
  (SELECT host, model, dimensions FROM embeddings WHERE host = 'local'
   GROUP BY host, model, dimensions ORDER BY count(*) DESC, model LIMIT 1);

-- The newest change of each image's vectors; deletions are changes.
CREATE TABLE vector_changes (
  image_id TEXT COLLATE "C" PRIMARY KEY,
  change BIGINT NOT NULL
);
CREATE INDEX vector_changes_by_number ON vector_changes (change);

-- Tags, categories and moods, to filter by; ASCII letters in lower case.
CREATE TABLE image_words (
  image_id TEXT COLLATE "C" NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  kind TEXT COLLATE "C" NOT NULL,       -- tag, category or mood
  word TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (image_id, kind, word)
);
CREATE INDEX image_words_by_word ON image_words (kind, word, image_id);
INSERT INTO image_words (image_id, kind, word)
  SELECT m.image_id, 'tag', lower(x.value COLLATE "C")
  FROM image_metadata AS m, json_array_elements_text(m.tags::json) AS x(value)
  ON CONFLICT DO NOTHING;
INSERT INTO image_words (image_id, kind, word)
  SELECT m.image_id, 'category', lower(x.value COLLATE "C")
  FROM image_metadata AS m, json_array_elements_text(m.categories::json) AS x(value)
  ON CONFLICT DO NOTHING;
INSERT INTO image_words (image_id, kind, word)
  SELECT m.image_id, 'mood', lower(trim(x.value) COLLATE "C")
  FROM image_metadata AS m, regexp_split_to_table(m.mood, ',') AS x(value)
  WHERE trim(x.value) <> ''
  ON CONFLICT DO NOTHING;

-- The words of descriptions. PostgreSQL refuses more than 1 MB of them.
ALTER TABLE image_metadata ADD COLUMN words TSVECTOR GENERATED ALWAYS AS (
  setweight(to_tsvector('english', left(description || ' ' || tags, 50000)), 'A')
  || setweight(to_tsvector('english', left(categories || ' ' || objects, 50000)), 'B')
  || setweight(to_tsvector('english', left(detailed_description || ' ' || mood || ' '
       || style || ' ' || searchable_text, 100000)), 'C')) STORED;
CREATE INDEX image_metadata_by_words ON image_metadata USING gin (words);
