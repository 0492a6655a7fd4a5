#include "services/catalog/migrations.hpp"

#include "embedded/sqlite_migrations.hpp"

namespace darkroom {

const schema_dialect& sqlite_schema() {
  static const schema_dialect dialect{
    embedded::sqlite_migrations::file_count,
    [](size_t index) {
      return embedded::sqlite_migrations::files[index].content;
    },
    // BEGIN IMMEDIATE has waited already, and the version is always there.
    "SELECT 1", "SELECT 1", "PRAGMA user_version",
    [](int64_t version) {
      return "PRAGMA user_version = " + std::to_string(version);
    }};
  return dialect;
}

} // namespace darkroom
