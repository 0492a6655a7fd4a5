// The tables in SQLite: ids are texts, times are seconds, JSON is text.
import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const id = () => text('id').primaryKey().$defaultFn(() => crypto.randomUUID());
const imageId = () => text('image_id').notNull().references(() => images.id, { onDelete: 'cascade' });
const time = name => integer(name, { mode: 'timestamp' });

export const images = sqliteTable('images', {
  id: id(),
  filePath: text('file_path').notNull(),
  status: text('status', { enum: ['pending', 'processing', 'completed', 'failed'] }).notNull().default('pending'),
  error: text('error'),
  createdAt: time('created_at').notNull().default(sql`(unixepoch())`),
  updatedAt: time('updated_at'),
  processedAt: time('processed_at'),
});

export const imageMetadata = sqliteTable('image_metadata', {
  id: id(),
  imageId: imageId().unique(),
  description: text('description'),
  detailedDescription: text('detailed_description'),
  tags: text('tags'),
  categories: text('categories'),
  objects: text('objects'),
  colors: text('colors'),
  mood: text('mood'),
  style: text('style'),
  composition: text('composition'),
  searchableText: text('searchable_text'),
  generatedAt: time('generated_at').notNull(),
  model: text('model').notNull(),
});

export const imageVariants = sqliteTable('image_variants', {
  id: id(),
  imageId: imageId(),
  variantType: text('variant_type').notNull(),
  format: text('format').notNull(),
  width: integer('width').notNull(),
  height: integer('height').notNull(),
  fileSize: integer('file_size').notNull(),
  filePath: text('file_path').notNull(),
  createdAt: time('created_at').notNull(),
});

/** What drizzle-kit makes of the above. */
export const tables = `
  CREATE TABLE IF NOT EXISTS images (id TEXT PRIMARY KEY, file_path TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', error TEXT,
    created_at INTEGER NOT NULL DEFAULT (unixepoch()), updated_at INTEGER, processed_at INTEGER);
  CREATE TABLE IF NOT EXISTS image_metadata (id TEXT PRIMARY KEY, image_id TEXT NOT NULL UNIQUE REFERENCES images(id) ON DELETE CASCADE,
    description TEXT, detailed_description TEXT, tags TEXT, categories TEXT, objects TEXT, colors TEXT, mood TEXT, style TEXT,
    composition TEXT, searchable_text TEXT, generated_at INTEGER NOT NULL, model TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS image_variants (id TEXT PRIMARY KEY, image_id TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    variant_type TEXT NOT NULL, format TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, file_size INTEGER NOT NULL,
    file_path TEXT NOT NULL, created_at INTEGER NOT NULL);`;
