// The part of catalog_reader that reads vectors, and says which are missing.
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/catalog_rows.hpp"
#include "services/catalog/each_row.hpp"
#include "services/catalog/vector_rows.hpp"

#include <utility>

namespace darkroom {

namespace {

/// Vectors per statement: 2 MB with 512 floats each.
constexpr int64_t vector_page = 1000;

/// Texts without a vector in the space `$1`, `$2`, `$3`, or with one.
constexpr auto texts_and_vectors
  = "FROM image_metadata AS m LEFT JOIN embeddings AS e "
    "ON e.id = m.image_id AND e.host = $1 AND e.model = $2 "
    "AND e.dimensions = $3 ";

statement& bind_space(statement& query, const vector_space& x) {
  return query.bind(x.host, x.model, int64_t{x.dimensions});
}

} // namespace

result<search_state> catalog_reader::state() {
  std::lock_guard guard(*mutex_);
  // In this order: a change after the first answer is read again later.
  search_state out;
  {
    auto query = db_.prepare("SELECT change FROM search_state");
    if (!query)
      return std::move(query.error());
    if (auto row = query->step(); !row)
      return std::move(row.error());
    out.change = query->integer(0);
  }
  auto space = searched_space(db_);
  if (!space)
    return std::move(space.error());
  out.space = std::move(*space);
  return out;
}

status
catalog_reader::each_vector(const vector_space& space,
                            const std::function<void(stored_vector)>& take) {
  std::string last;
  for (auto count = vector_page; count == vector_page;) {
    std::lock_guard guard(*mutex_); // a page at a time, so that others get in
    auto query = db_.prepare(
      "SELECT id, vector FROM embeddings WHERE host = $1 AND model = $2 "
      "AND dimensions = $3 AND id > $4 ORDER BY id LIMIT $5");
    if (!query)
      return std::move(query.error());
    bind_space(*query, space).bind(last, vector_page);
    count = 0;
    auto done = each_row(*query, [&] {
      last = query->text(0);
      ++count;
      take({last, floats_of(*query, 1)});
    });
    if (!done)
      return done;
  }
  return ok;
}

status catalog_reader::each_change(
  int64_t change, const vector_space& space,
  const std::function<void(stored_vector, int64_t)>& take) {
  for (auto count = vector_page; count == vector_page;) {
    std::lock_guard guard(*mutex_);
    auto query = db_.prepare(
      "SELECT c.image_id, c.change, e.vector FROM vector_changes AS c "
      "LEFT JOIN embeddings AS e ON e.id = c.image_id AND e.host = $1 "
      "AND e.model = $2 AND e.dimensions = $3 "
      "WHERE c.change > $4 ORDER BY c.change LIMIT $5");
    if (!query)
      return std::move(query.error());
    bind_space(*query, space).bind(change, vector_page);
    count = 0;
    auto done = each_row(*query, [&] {
      change = query->integer(1);
      ++count;
      take({std::string{query->text(0)}, floats_of(*query, 2)}, change);
    });
    if (!done)
      return done;
  }
  return ok;
}

result<space_progress> catalog_reader::progress(const vector_space& space) {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare(
    std::string{"SELECT count(*), "
                "COALESCE(SUM(CASE WHEN e.searchable_text = m.searchable_text "
                "THEN 1 ELSE 0 END), 0), "
                "COALESCE(SUM(CASE WHEN e.searchable_text <> "
                "m.searchable_text THEN 1 ELSE 0 END), 0) "}
    + texts_and_vectors + "WHERE m.searchable_text <> ''");
  if (!query)
    return std::move(query.error());
  if (auto row = bind_space(*query, space).step(); !row)
    return std::move(row.error());
  return space_progress{query->integer(0), query->integer(1),
                        query->integer(2)};
}

result<std::vector<outdated_image>>
catalog_reader::outdated(const vector_space& space, const std::string& after,
                         int64_t limit) {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare(
    std::string{"SELECT m.image_id, i.file_path, m.description, m.tags, "
                "m.categories, m.colors, m.mood, m.style, m.searchable_text, "
                "CASE WHEN e.id IS NULL THEN 0 ELSE 1 END, "
                "p.job_timestamp, p.attempt, "
                "CASE WHEN p.status = 'processing' THEN 0 ELSE 1 END "}
    + texts_and_vectors
    + "JOIN images AS i ON i.id = m.image_id "
      "LEFT JOIN image_parts AS p ON p.image_id = m.image_id "
      "AND p.part = 'embedding' WHERE m.searchable_text <> '' "
      "AND (e.id IS NULL OR e.searchable_text <> m.searchable_text) "
      "AND m.image_id > $4 ORDER BY m.image_id LIMIT $5");
  if (!query)
    return std::move(query.error());
  bind_space(*query, space).bind(after, limit);
  std::vector<outdated_image> out;
  auto text = [&query](int column) {
    return std::string{query->text(column)};
  };
  auto take = [&] {
    outdated_image x;
    x.id = text(0);
    x.file_path = text(1);
    x.metadata.description = text(2);
    x.metadata.tags = words_in(*query, 3);
    x.metadata.categories = words_in(*query, 4);
    x.metadata.colors = text(5);
    x.metadata.mood = text(6);
    x.metadata.style = text(7);
    x.metadata.searchable_text = text(8);
    x.is_stale = query->integer(9) != 0;
    x.part_stamp = std::to_string(query->integer(10)) + "."
                   + std::to_string(query->integer(11));
    x.is_settled = query->integer(12) != 0;
    out.push_back(std::move(x));
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return out;
}

} // namespace darkroom
