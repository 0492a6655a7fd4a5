/// Databases of a web tier, whose tables a catalog adopts: one per engine.
#pragma once

#include "services/catalog/database.hpp"
#include "tests/support/catalog_place.hpp"
#include "tests/support/must.hpp"

#include <string>

namespace darkroom {

/// The tables of the system that Darkroom replaces, as drizzle makes them in
/// SQLite: times are seconds, JSON is text. It has the image "image-1".
struct adopted_sqlite_place : sqlite_place {
  adopted_sqlite_place() {
    auto db = must(database::open(settings, access::read_write, nullptr));
    must(db.execute(tables));
    must(db.execute(
      "INSERT INTO images (id, user_id, file_path, created_at, updated_at) "
      "VALUES ('image-1', 'u1', '2026/cat.jpg', 1700000000, 1700000000)"));
    settings.tables = "adopt";
  }

  static constexpr const char* tables
    = "CREATE TABLE images (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
      "file_path TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', "
      "error TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, "
      "processed_at INTEGER);"
      "CREATE TABLE image_metadata (id TEXT PRIMARY KEY, image_id TEXT NOT "
      "NULL UNIQUE REFERENCES images (id) ON DELETE CASCADE, description TEXT, "
      "detailed_description TEXT, tags TEXT, categories TEXT, objects TEXT, "
      "colors TEXT, mood TEXT, style TEXT, composition TEXT, searchable_text "
      "TEXT, generated_at INTEGER NOT NULL, model TEXT NOT NULL);"
      "CREATE TABLE image_variants (id TEXT PRIMARY KEY, image_id TEXT NOT "
      "NULL REFERENCES images (id) ON DELETE CASCADE, variant_type TEXT NOT "
      "NULL, format TEXT NOT NULL, width INTEGER, height INTEGER, file_size "
      "INTEGER, file_path TEXT NOT NULL, created_at INTEGER NOT NULL)";
};

/// Tables as Prisma makes them in a schema of PostgreSQL: camelCase, an
/// enumeration in capitals, native JSON and timestamps.
struct adopted_postgres_place : postgres_place {
  adopted_postgres_place() {
    auto db = must(database::open(settings, access::read_write, nullptr));
    must(db.execute(tables));
    must(db.execute("INSERT INTO app.\"Image\" (id, \"filePath\") "
                    "VALUES ('image-1', '2026/cat.jpg')"));
    settings.tables = "adopt";
    auto has_query = settings.database.find('?') != std::string::npos;
    settings.database += has_query ? "&schema=app" : "?schema=app";
    settings.names = {{"images", "Image"},
                      {"image_metadata", "ImageMetadata"},
                      {"image_variants", "ImageVariant"},
                      {"image_variants.variant_type", "kind"}};
  }

  static constexpr const char* tables
    = "CREATE SCHEMA app; SET search_path = app;"
      "CREATE TYPE \"ImageStatus\" AS ENUM ('PENDING', 'PROCESSING', "
      "'COMPLETED', 'FAILED');"
      "CREATE TABLE \"Image\" (id TEXT PRIMARY KEY, \"filePath\" TEXT NOT "
      "NULL, status \"ImageStatus\" NOT NULL DEFAULT 'PENDING', error TEXT, "
      "\"createdAt\" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "
      "\"updatedAt\" TIMESTAMP(3), \"processedAt\" TIMESTAMPTZ);"
      "CREATE TABLE \"ImageMetadata\" (id UUID PRIMARY KEY, \"imageId\" TEXT "
      "NOT NULL UNIQUE REFERENCES \"Image\" (id) ON DELETE CASCADE, "
      "description TEXT, \"detailedDescription\" TEXT, tags JSONB, categories "
      "TEXT[], objects JSON, colors JSONB, mood VARCHAR(200), style TEXT, "
      "composition TEXT, \"searchableText\" TEXT, \"generatedAt\" "
      "TIMESTAMP(3), "
      "model TEXT);"
      "CREATE TABLE \"ImageVariant\" (id SERIAL PRIMARY KEY, \"imageId\" TEXT "
      "NOT NULL REFERENCES \"Image\" (id) ON DELETE CASCADE, kind TEXT NOT "
      "NULL, format TEXT NOT NULL, width INTEGER, height INTEGER, \"fileSize\" "
      "INTEGER, \"filePath\" TEXT, \"createdAt\" TEXT)";
};

} // namespace darkroom
