#include "services/catalog/migrations.hpp"

#include "embedded/postgres_migrations.hpp"
#include "embedded/sqlite_migrations.hpp"

namespace darkroom {

namespace {

static_assert(embedded::sqlite_migrations::file_count
                == embedded::postgres_migrations::file_count,
              "both engines have the same tables at the same version");

constexpr auto read_version
  = "SELECT COALESCE(MAX(version), 0) FROM darkroom_schema";

std::string insert_version(int64_t version) {
  return "INSERT INTO darkroom_schema (version) VALUES ("
         + std::to_string(version) + ")";
}

std::string set_user_version(int64_t version) {
  return "PRAGMA user_version = " + std::to_string(version);
}

std::string quoted(std::string_view text, char quote) {
  std::string out{quote};
  for (auto c : text)
    out += c == quote ? std::string(2, c) : std::string(1, c);
  return out + quote;
}

/// Statements that make the schema. Who may not make schemas can use one that
/// is there.
std::string make_schema(const std::string& schema) {
  if (schema.empty())
    return {};
  auto name = quoted_name(schema);
  return "DO $do$ BEGIN IF to_regnamespace(" + quoted_text(name)
         + ") IS NULL THEN CREATE SCHEMA " + name + "; END IF; END $do$;";
}

} // namespace

schema_dialect sqlite_schema(bool is_shared) {
  schema_dialect out;
  out.count = migration_count();
  out.migration = [](size_t index) {
    return embedded::sqlite_migrations::files[index].content;
  };
  out.ours = "SELECT 1 FROM sqlite_master WHERE name = 'image_parts'";
  out.namesakes
    = "SELECT name FROM sqlite_master WHERE name IN ('images', "
      "'image_parts', 'image_metadata', 'image_variants', 'embeddings') "
      "ORDER BY name DESC";
  if (is_shared) {
    out.prepare = "CREATE TABLE IF NOT EXISTS darkroom_schema (version "
                  "INTEGER PRIMARY KEY, applied_at TEXT NOT NULL "
                  "DEFAULT CURRENT_TIMESTAMP)";
    out.find = "SELECT 1 FROM sqlite_master WHERE name = 'darkroom_schema'";
    out.read = read_version;
    out.write = insert_version;
    return out;
  }
  // BEGIN IMMEDIATE has waited already, and the version always exists.
  out.prepare = out.find = "SELECT 1";
  out.read = "PRAGMA user_version";
  out.write = set_user_version;
  return out;
}

schema_dialect postgres_schema(const std::string& schema) {
  schema_dialect out;
  out.count = migration_count();
  out.migration = [](size_t index) {
    return embedded::postgres_migrations::files[index].content;
  };
  // Any number serves as the key if nobody else locks it in this database.
  out.prepare
    = "SELECT pg_advisory_xact_lock(4419027188);" + make_schema(schema)
      + "CREATE TABLE IF NOT EXISTS darkroom_schema (version BIGINT PRIMARY "
        "KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())";
  out.find = "SELECT 1 WHERE to_regclass('darkroom_schema') IS NOT NULL";
  out.read = read_version;
  out.ours = "SELECT 1 WHERE to_regclass('image_parts') IS NOT NULL";
  out.namesakes
    = "SELECT relname::text FROM pg_class WHERE oid IN ("
      "to_regclass('images'), to_regclass('image_parts'), "
      "to_regclass('image_metadata'), to_regclass('image_variants'), "
      "to_regclass('embeddings')) ORDER BY relname DESC";
  out.write = insert_version;
  return out;
}

size_t migration_count() {
  return embedded::sqlite_migrations::file_count;
}

std::string quoted_name(std::string_view name) {
  return quoted(name, '"');
}

std::string quoted_text(std::string_view text) {
  return quoted(text, '\'');
}

} // namespace darkroom
