#include "services/catalog/schema.hpp"

#include "services/catalog/migrations.hpp"

#include <optional>
#include <string>

namespace darkroom {

namespace {

/// The first column of the only row; nothing if there is no row.
result<std::optional<int64_t>> first_number(database& db, const char* sql) {
  auto query = db.prepare(sql);
  if (!query)
    return std::move(query.error());
  auto row = query->step();
  if (!row)
    return std::move(row.error());
  return *row ? std::optional{query->integer(0)} : std::nullopt;
}

/// Whether the statement gives a row, and the text of its first column.
result<std::optional<std::string>> first_text(database& db, const char* sql) {
  auto query = db.prepare(sql);
  if (!query)
    return std::move(query.error());
  auto row = query->step();
  if (!row)
    return std::move(row.error());
  return *row ? std::optional{std::string{query->text(0)}} : std::nullopt;
}

error not_ours(const database& db, const std::string& what) {
  return fail(ec::catalog_failed,
              "catalog '" + db.name() + "' " + what
                + ": it is another program's database. Let Darkroom work with "
                  "the web tier's tables ([catalog] tables = \"adopt\"), give "
                  "its own tables other names ([catalog] prefix or schema), "
                  "or another database (docs/web-tier.md)");
}

error wrong_version(const database& db, int64_t stored, const char* advice) {
  return fail(ec::catalog_failed,
              "catalog '" + db.name() + "' has schema version "
                + std::to_string(stored) + ", this Darkroom knows "
                + std::to_string(schema_version()) + ": " + advice);
}

/// Applies the next migration, if any. Reads the version inside the
/// transaction, because two processes may start on one new database.
result<bool> apply_next(database& db, const schema_dialect& dialect) {
  auto step = transaction::begin(db);
  if (!step)
    return std::move(step.error());
  if (auto done = db.execute(dialect.prepare); !done)
    return std::move(done.error());
  if (auto done = check_ours(db); !done)
    return std::move(done.error());
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  if (auto known = check_not_newer(db, *version); !known)
    return std::move(known.error());
  if (*version == schema_version())
    return false;
  auto next = dialect.migration(static_cast<size_t>(*version));
  for (const auto& sql : {std::string{next}, dialect.write(*version + 1)})
    if (auto done = db.execute(sql); !done)
      return std::move(done.error());
  if (auto done = step->commit(); !done)
    return std::move(done.error());
  return true;
}

} // namespace

int64_t schema_version() {
  return static_cast<int64_t>(migration_count());
}

result<int64_t> stored_version(database& db) {
  auto on = db.connected();
  if (!on)
    return std::move(on.error());
  const auto& dialect = (*on)->dialect();
  auto found = first_number(db, dialect.find);
  if (found && *found)
    found = first_number(db, dialect.read);
  if (!found)
    return std::move(found.error());
  return found->value_or(0);
}

status check_ours(database& db) {
  auto on = db.connected();
  if (!on)
    return std::move(on.error());
  const auto& dialect = (*on)->dialect();
  // Another process may make the tables meanwhile. If ours are missing, the
  // version read before counts; if there are namesakes, the one read after.
  auto before = stored_version(db);
  if (!before)
    return std::move(before.error());
  auto ours = first_text(db, dialect.ours);
  if (!ours)
    return std::move(ours.error());
  auto namesake = first_text(db, dialect.namesakes);
  if (!namesake)
    return std::move(namesake.error());
  auto after = stored_version(db);
  if (!after)
    return std::move(after.error());
  if (*after == 0 && *namesake)
    return not_ours(db, "has a table '" + **namesake
                          + "' that Darkroom did not make");
  if (*before > 0 && !*ours)
    return not_ours(db, "has the version " + std::to_string(*before)
                          + ", but not Darkroom's tables");
  return ok;
}

status check_not_newer(const database& db, int64_t stored) {
  if (stored > schema_version())
    return wrong_version(db, stored, "run the newer Darkroom");
  return ok;
}

status migrate(database& db) {
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  if (auto known = check_ours(db); !known)
    return known;
  if (auto known = check_not_newer(db, *version); !known)
    return known;
  auto on = db.connected();
  if (!on)
    return std::move(on.error());
  while (*version < schema_version()) {
    auto applied = apply_next(db, (*on)->dialect());
    if (!applied)
      return std::move(applied.error());
    if (!*applied)
      break;
  }
  return ok;
}

status check_schema(database& db) {
  if (auto known = check_ours(db); !known)
    return known;
  auto version = stored_version(db);
  if (!version)
    return std::move(version.error());
  if (*version != schema_version())
    return wrong_version(db, *version, "start the main node once to migrate");
  return ok;
}

} // namespace darkroom
