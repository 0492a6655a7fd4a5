// The part of catalog that changes the space that is searched.
#include "config/words.hpp"
#include "services/catalog/catalog.hpp"
#include "services/catalog/vector_rows.hpp"

#include <utility>

namespace darkroom {

namespace {

/// Rows per transaction: other writers wait for some ms only.
constexpr int64_t page = 1000;

result<int64_t> count_missing(database& db, const vector_space& space) {
  auto query = db.prepare(
    "SELECT count(*) FROM image_metadata AS m WHERE m.searchable_text <> '' "
    "AND NOT EXISTS (SELECT 1 FROM embeddings AS e WHERE e.id = m.image_id "
    "AND e.host = $1 AND e.model = $2 AND e.dimensions = $3 "
    "AND e.searchable_text = m.searchable_text)");
  if (!query)
    return std::move(query.error());
  auto row
    = query->bind(space.host, space.model, int64_t{space.dimensions}).step();
  if (!row)
    return std::move(row.error());
  return query->integer(0);
}

/// Forgets a page of vectors of other spaces. @returns whether there were any
result<bool> forget_page(database& db, const vector_space& space) {
  auto forget = db.prepare(
    "DELETE FROM embeddings WHERE (id, host, model, dimensions) IN "
    "(SELECT id, host, model, dimensions FROM embeddings "
    "WHERE host <> $1 OR model <> $2 OR dimensions <> $3 LIMIT $4) "
    "RETURNING id");
  if (!forget)
    return std::move(forget.error());
  return forget->bind(space.host, space.model, int64_t{space.dimensions}, page)
    .step();
}

} // namespace

status catalog::search_in(const vector_space& space) {
  auto missing = count_missing(db_, space);
  if (!missing)
    return std::move(missing.error());
  if (*missing > 0)
    return fail(ec::conflict,
                "space " + to_string(space) + " lacks fresh vectors of "
                  + counted(static_cast<uint64_t>(*missing), "picture"));
  {
    auto update = db_.prepare("UPDATE search_state SET host = $1, model = $2, "
                              "dimensions = $3");
    if (!update)
      return std::move(update.error());
    auto done
      = update->bind(space.host, space.model, int64_t{space.dimensions}).run();
    if (!done)
      return done;
  }
  for (;;) {
    auto some = forget_page(db_, space);
    if (!some)
      return std::move(some.error());
    if (!*some)
      return ok;
  }
}

} // namespace darkroom
