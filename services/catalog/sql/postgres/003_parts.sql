-- The program decides which parts an image has: with a CHECK of their names,
-- each new part would need a migration.

ALTER TABLE image_parts
  DROP CONSTRAINT image_parts_part_check,
  ADD COLUMN value TEXT;                -- JSON: the result of a part that has no table of its own
