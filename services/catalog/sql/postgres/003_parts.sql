-- Which parts an image has is what the program says: a CHECK of their names
-- would make each new one a migration.

ALTER TABLE image_parts
  DROP CONSTRAINT image_parts_part_check,
  ADD COLUMN value TEXT;                -- JSON: the result of a part that has no table of its own
