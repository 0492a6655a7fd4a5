#include "services/catalog/migrations.hpp"

#include "embedded/postgres_migrations.hpp"
#include "embedded/sqlite_migrations.hpp"

namespace darkroom {

namespace {

static_assert(embedded::sqlite_migrations::file_count
                == embedded::postgres_migrations::file_count,
              "both engines have the same tables at the same version");

} // namespace

const schema_dialect& sqlite_schema() {
  static const schema_dialect dialect{
    embedded::sqlite_migrations::file_count,
    [](size_t index) {
      return embedded::sqlite_migrations::files[index].content;
    },
    // BEGIN IMMEDIATE has waited already, and the version always exists.
    "SELECT 1", "SELECT 1", "PRAGMA user_version",
    [](int64_t version) {
      return "PRAGMA user_version = " + std::to_string(version);
    }};
  return dialect;
}

const schema_dialect& postgres_schema() {
  static const schema_dialect dialect{
    embedded::postgres_migrations::file_count,
    [](size_t index) {
      return embedded::postgres_migrations::files[index].content;
    },
    // Any number serves as the key if nobody else locks it in this database.
    "SELECT pg_advisory_xact_lock(4419027188);"
    "CREATE TABLE IF NOT EXISTS darkroom_schema (version BIGINT PRIMARY KEY, "
    "applied_at TIMESTAMPTZ NOT NULL DEFAULT now())",
    "SELECT 1 WHERE to_regclass('darkroom_schema') IS NOT NULL",
    "SELECT COALESCE(MAX(version), 0) FROM darkroom_schema",
    [](int64_t version) {
      return "INSERT INTO darkroom_schema (version) VALUES ("
             + std::to_string(version) + ")";
    }};
  return dialect;
}

} // namespace darkroom
