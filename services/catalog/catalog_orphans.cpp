// The part of catalog_audit about rows whose image does not exist. Databases
// prevent such rows, unless somebody writes to the file without foreign keys or
// restores child_tables of different ages.
#include "services/catalog/catalog_audit.hpp"
#include "services/catalog/each_row.hpp"
#include "services/catalog/vector_rows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace darkroom {

namespace {

/// The child_tables whose rows belong to an image, but for `embeddings`.
constexpr const char* child_tables[]
  = {"image_parts", "image_metadata", "image_variants", "image_marks",
     "image_words", "image_bytes",    "job_outbox"};

/// The rows of one table, added to those of the others.
void add_ids(std::vector<std::string>& to, std::vector<std::string> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

void drop_repeats(std::vector<std::string>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

result<std::vector<std::string>>
catalog_audit::orphans_in(const char* table, const char* column,
                          const std::string& after, const std::string& until,
                          bool is_one) {
  auto name = std::string{"t."} + column;
  auto query = db_.prepare(
    "SELECT DISTINCT " + name + " FROM " + table + " AS t WHERE " + name
    + (is_one ? " = $1" : " > $1")
    + (until.empty() ? "" : " AND " + name + " <= $2")
    + " AND NOT EXISTS (SELECT 1 FROM images AS i WHERE i.id = " + name + ")");
  if (!query)
    return std::move(query.error());
  query->bind(after);
  if (!until.empty())
    query->bind(until);
  std::vector<std::string> out;
  if (auto done = each_row(*query, [&] { out.emplace_back(query->text(0)); });
      !done)
    return std::move(done.error());
  return out;
}

result<orphan_ids> catalog_audit::find_orphans(const std::string& after,
                                               const std::string& until,
                                               bool is_one) {
  orphan_ids out;
  for (const auto* table : child_tables) {
    auto found = orphans_in(table, "image_id", after, until, is_one);
    if (!found)
      return std::move(found.error());
    add_ids(out.rows, std::move(*found));
  }
  drop_repeats(out.rows);
  auto found = orphans_in("embeddings", "id", after, until, is_one);
  if (!found)
    return std::move(found.error());
  out.vectors = std::move(*found);
  return out;
}

result<orphan_ids> catalog_audit::orphans(const std::string& after,
                                          const std::string& until) {
  return find_orphans(after, until, false);
}

result<orphan_ids> catalog_audit::orphans_of(const std::string& id) {
  return find_orphans(id, {}, true);
}

result<bool> catalog_audit::remove_orphan(const std::string& id) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  auto remove = [&](const std::string& table,
                    const std::string& column) -> result<bool> {
    auto query = db_.prepare(
      "DELETE FROM " + table + " WHERE " + column
      + " = $1 AND NOT EXISTS (SELECT 1 FROM images AS i WHERE i.id = $1) "
        "RETURNING "
      + column);
    if (!query)
      return std::move(query.error());
    bool is_any = false;
    query->bind(id);
    if (auto done = each_row(*query, [&is_any] { is_any = true; }); !done)
      return std::move(done.error());
    return is_any;
  };
  bool is_any = false;
  for (const auto* table : child_tables) {
    auto removed = remove(table, "image_id");
    if (!removed)
      return removed;
    is_any |= *removed;
  }
  auto removed = remove("embeddings", "id");
  if (!removed)
    return removed;
  if (*removed)
    if (auto noted = note_vector_change(db_, id); !noted)
      return std::move(noted.error());
  if (auto done = step->commit(); !done)
    return std::move(done.error());
  return is_any || *removed;
}

} // namespace darkroom
