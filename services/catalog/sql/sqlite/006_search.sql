-- Search: words of descriptions, words to filter by, and vectors by space.

-- A space is the provider's host ("local": this machine's models), the model
-- and the length. Only vectors of one space compare; an image may have one in
-- each. It is stale once searchable_text differs from that of the metadata.
CREATE TABLE new_embeddings (
  id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  type TEXT NOT NULL DEFAULT 'image',
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  searchable_text TEXT NOT NULL,
  metadata TEXT NOT NULL,               -- JSON object
  host TEXT NOT NULL,                   -- empty: an older Darkroom did not store it
  model TEXT NOT NULL,
  dimensions INTEGER NOT NULL,
  vector BLOB NOT NULL,                 -- float32, little endian
  text_hash TEXT,                       -- SHA-256 of searchable_text; NULL as host
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id, host, model, dimensions)
) STRICT;
INSERT INTO new_embeddings (id, type, name, slug, searchable_text, metadata,
                            host, model, dimensions, vector, created_at)
  SELECT id, type, name, slug, searchable_text, metadata,
         CASE WHEN model LIKE 'local-%' THEN 'local' ELSE '' END,
         model, dimensions, vector, created_at FROM embeddings;
DROP TABLE embeddings;
ALTER TABLE new_embeddings RENAME TO embeddings;
CREATE INDEX embeddings_by_space ON embeddings (host, model, dimensions, id);

-- One row: the space that is searched, and the number of the newest change.
CREATE TABLE search_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  change INTEGER NOT NULL,
  host TEXT,                            -- NULL: there is no vector yet
  model TEXT,
  dimensions INTEGER
) STRICT;
INSERT INTO search_state (id, change) VALUES (1, 0);
UPDATE search_state SET (host, model, dimensions) =
  (SELECT host, model, dimensions FROM embeddings WHERE host = 'local'
   GROUP BY host, model, dimensions ORDER BY count(*) DESC, model LIMIT 1);

-- The newest change of each image's vectors; deletions are changes.
CREATE TABLE vector_changes (
  image_id TEXT PRIMARY KEY,
  change INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vector_changes_by_number ON vector_changes (change);

-- Tags, categories and moods, to filter by; ASCII letters in lower case.
CREATE TABLE image_words (
  image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                   -- tag, category or mood
  word TEXT NOT NULL,
  PRIMARY KEY (image_id, kind, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_words_by_word ON image_words (kind, word, image_id);
INSERT OR IGNORE INTO image_words (image_id, kind, word)
  SELECT m.image_id, 'tag', lower(x.value) FROM image_metadata AS m,
    json_each(CASE WHEN json_valid(m.tags) THEN m.tags ELSE '[]' END) AS x
  WHERE x.type = 'text';
INSERT OR IGNORE INTO image_words (image_id, kind, word)
  SELECT m.image_id, 'category', lower(x.value) FROM image_metadata AS m,
    json_each(CASE WHEN json_valid(m.categories) THEN m.categories
              ELSE '[]' END) AS x
  WHERE x.type = 'text';
INSERT OR IGNORE INTO image_words (image_id, kind, word)
  SELECT m.image_id, 'mood', lower(trim(x.value)) FROM image_metadata AS m,
    json_each('[' || replace(json_quote(m.mood), ',', '","') || ']') AS x
  WHERE trim(x.value) <> '';

-- The words of descriptions. The triggers keep them equal to image_metadata.
CREATE VIRTUAL TABLE image_texts USING fts5(
  description, detailed_description, tags, categories, objects, mood, style,
  searchable_text, content = 'image_metadata', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO image_texts (image_texts) VALUES ('rebuild');
CREATE TRIGGER image_texts_added AFTER INSERT ON image_metadata BEGIN
  INSERT INTO image_texts (rowid, description, detailed_description, tags,
    categories, objects, mood, style, searchable_text)
  VALUES (new.id, new.description, new.detailed_description, new.tags,
    new.categories, new.objects, new.mood, new.style, new.searchable_text);
END;
CREATE TRIGGER image_texts_removed AFTER DELETE ON image_metadata BEGIN
  INSERT INTO image_texts (image_texts, rowid, description,
    detailed_description, tags, categories, objects, mood, style,
    searchable_text)
  VALUES ('delete', old.id, old.description, old.detailed_description,
    old.tags, old.categories, old.objects, old.mood, old.style,
    old.searchable_text);
END;
CREATE TRIGGER image_texts_changed AFTER UPDATE ON image_metadata BEGIN
  INSERT INTO image_texts (image_texts, rowid, description,
    detailed_description, tags, categories, objects, mood, style,
    searchable_text)
  VALUES ('delete', old.id, old.description, old.detailed_description,
    old.tags, old.categories, old.objects, old.mood, old.style,
    old.searchable_text);
  INSERT INTO image_texts (rowid, description, detailed_description, tags,
    categories, objects, mood, style, searchable_text)
  VALUES (new.id, new.description, new.detailed_description, new.tags,
    new.categories, new.objects, new.mood, new.style, new.searchable_text);
END;
