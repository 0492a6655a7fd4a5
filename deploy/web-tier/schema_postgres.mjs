// The tables in PostgreSQL: ids of images are numbers, times are timestamps,
// JSON is native.
import { bigint, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const id = () => uuid('id').primaryKey().defaultRandom();
const imageId = () => integer('imageId').notNull().references(() => images.id, { onDelete: 'cascade' });
const time = name => timestamp(name, { withTimezone: true });

export const images = pgTable('images', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  filePath: text('filePath').notNull(),
  status: text('status').notNull().default('pending'),
  error: text('error'),
  createdAt: time('createdAt').notNull().defaultNow(),
  updatedAt: time('updatedAt'),
  processedAt: time('processedAt'),
});

export const imageMetadata = pgTable('imageMetadata', {
  id: id(),
  imageId: imageId().unique(),
  description: text('description'),
  detailedDescription: text('detailedDescription'),
  tags: jsonb('tags'),
  categories: jsonb('categories'),
  objects: jsonb('objects'),
  colors: jsonb('colors'),
  mood: text('mood'),
  style: text('style'),
  composition: jsonb('composition'),
  searchableText: text('searchableText'),
  generatedAt: time('generatedAt').notNull(),
  model: text('model').notNull(),
});

export const imageVariants = pgTable('imageVariants', {
  id: id(),
  imageId: imageId(),
  variantType: text('variantType').notNull(),
  format: text('format').notNull(),
  width: integer('width').notNull(),
  height: integer('height').notNull(),
  fileSize: bigint('fileSize', { mode: 'number' }).notNull(),
  filePath: text('filePath').notNull(),
  createdAt: time('createdAt').notNull(),
});

/** What drizzle-kit makes of the above. */
export const tables = `
  CREATE TABLE IF NOT EXISTS "images" ("id" INTEGER PRIMARY KEY GENERATED ALWAYS AS IDENTITY, "filePath" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending', "error" TEXT, "createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(), "updatedAt" TIMESTAMPTZ,
    "processedAt" TIMESTAMPTZ);
  CREATE TABLE IF NOT EXISTS "imageMetadata" ("id" UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    "imageId" INTEGER NOT NULL UNIQUE REFERENCES "images"("id") ON DELETE CASCADE, "description" TEXT, "detailedDescription" TEXT,
    "tags" JSONB, "categories" JSONB, "objects" JSONB, "colors" JSONB, "mood" TEXT, "style" TEXT, "composition" JSONB,
    "searchableText" TEXT, "generatedAt" TIMESTAMPTZ NOT NULL, "model" TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS "imageVariants" ("id" UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    "imageId" INTEGER NOT NULL REFERENCES "images"("id") ON DELETE CASCADE, "variantType" TEXT NOT NULL, "format" TEXT NOT NULL,
    "width" INTEGER NOT NULL, "height" INTEGER NOT NULL, "fileSize" BIGINT NOT NULL, "filePath" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ NOT NULL);`;
