#include "services/catalog/schema.hpp"

#include "embedded/migrations.hpp"

namespace darkroom {

namespace {

result<int64_t> stored_version(database& db) {
  auto query = db.prepare("PRAGMA user_version");
  if (!query)
    return std::move(query.error());
  if (auto row = query->step(); !row)
    return std::move(row.error());
  return query->integer(0);
}

error wrong_version(const database& db, int64_t stored, const char* advice) {
  return fail(ec::catalog_failed,
              "catalog '" + db.path() + "' has schema version "
                + std::to_string(stored) + ", this Darkroom knows "
                + std::to_string(schema_version()) + ": " + advice);
}

/// Applies the next migration, if any. Reads the version inside the
/// transaction: two processes may start on one new file.
result<bool> apply_next(database& db) {
  auto step = transaction::begin(db);
  if (!step)
    return std::move(step.error());
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  if (*version >= schema_version())
    return false;
  auto next = embedded::migrations::files[*version];
  auto counted = "PRAGMA user_version = " + std::to_string(*version + 1);
  for (auto sql : {next.content, counted.c_str()})
    if (auto done = db.execute(sql); !done)
      return std::move(done.error());
  if (auto done = step->commit(); !done)
    return std::move(done.error());
  return true;
}

} // namespace

int64_t schema_version() {
  return static_cast<int64_t>(embedded::migrations::file_count);
}

status migrate(database& db) {
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  if (*version > schema_version())
    return wrong_version(db, *version, "run the newer Darkroom");
  while (*version < schema_version()) {
    auto applied = apply_next(db);
    if (!applied)
      return std::move(applied.error());
    if (!*applied)
      break;
  }
  return ok;
}

status check_schema(database& db) {
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  if (*version != schema_version())
    return wrong_version(db, *version, "start the main node once to migrate");
  return ok;
}

} // namespace darkroom
