#include "services/catalog/vector_rows.hpp"

#include <cstring>
#include <utility>

namespace darkroom {

namespace {

/// Makes the space the searched one, if there is none yet.
status choose_first_space(database& db, const image_embedding& x) {
  auto update = db.prepare("UPDATE search_state SET host = $1, model = $2, "
                           "dimensions = $3 WHERE host IS NULL");
  if (!update)
    return std::move(update.error());
  return update->bind(x.host, x.model, static_cast<int64_t>(x.vector.size()))
    .run();
}

} // namespace

std::string to_string(const vector_space& x) {
  return x.host + "/" + x.model + "/" + std::to_string(x.dimensions);
}

status put_embedding(database& db, const std::string& image_id,
                     const image_embedding& x, int64_t now) {
  {
    auto upsert = db.prepare(
      "INSERT INTO embeddings (id, type, name, slug, searchable_text, "
      "metadata, host, model, dimensions, vector, text_hash, created_at) "
      "VALUES ($1, 'image', $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10, ''), "
      "$11) ON CONFLICT (id, host, model, dimensions) DO UPDATE SET "
      "name = excluded.name, slug = excluded.slug, "
      "searchable_text = excluded.searchable_text, "
      "metadata = excluded.metadata, vector = excluded.vector, "
      "text_hash = excluded.text_hash");
    if (!upsert)
      return std::move(upsert.error());
    auto done = upsert
                  ->bind(image_id, x.name, x.slug, x.searchable_text,
                         x.metadata, x.host, x.model,
                         static_cast<int64_t>(x.vector.size()), x.vector,
                         x.text_hash, now)
                  .run();
    if (!done)
      return done;
  }
  if (auto done = choose_first_space(db, x); !done)
    return done;
  return note_vector_change(db, image_id);
}

status note_vector_change(database& db, const std::string& image_id) {
  int64_t number = 0;
  {
    auto next = db.prepare("UPDATE search_state SET change = change + 1 "
                           "RETURNING change");
    if (!next)
      return std::move(next.error());
    if (auto row = next->step(); !row)
      return std::move(row.error());
    number = next->integer(0);
  }
  auto note = db.prepare("INSERT INTO vector_changes (image_id, change) "
                         "VALUES ($1, $2) ON CONFLICT (image_id) DO UPDATE "
                         "SET change = excluded.change");
  if (!note)
    return std::move(note.error());
  return note->bind(image_id, number).run();
}

result<vector_space> searched_space(database& db) {
  auto query = db.prepare("SELECT host, model, dimensions FROM search_state");
  if (!query)
    return std::move(query.error());
  auto row = query->step();
  if (!row)
    return std::move(row.error());
  if (!*row)
    return vector_space{};
  return vector_space{std::string{query->text(0)}, std::string{query->text(1)},
                      static_cast<uint32_t>(query->integer(2))};
}

std::vector<float> floats_of(const statement& row, int column) {
  auto bytes = row.text(column);
  std::vector<float> out(bytes.size() / sizeof(float));
  if (!out.empty())
    std::memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
  return out;
}

} // namespace darkroom
