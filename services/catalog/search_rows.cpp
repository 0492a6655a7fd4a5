// The part of catalog_reader that searches by words, filters and hashes.
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/each_row.hpp"

#include <charconv>
#include <utility>

namespace darkroom {

namespace {

/// Reads hex digits; 0 for any other text.
template <class T>
T hex_of(std::string_view text) {
  T value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

} // namespace

result<std::vector<std::string>>
catalog_reader::best_by_words(const image_filter& filter, int64_t limit) {
  std::vector<std::string> out;
  if (filter.words.empty())
    return out;
  std::lock_guard guard(*mutex_);
  auto engine = db_.connected();
  if (!engine)
    return std::move(engine.error());
  const auto& words = (*engine)->words();
  auto query = db_.prepare(std::string{"SELECT i.id FROM "} + words.source
                           + " JOIN images AS i ON i.id = m.image_id WHERE "
                           + words.match + " AND " + filter_condition
                           + "ORDER BY " + words.rank + ", i.id LIMIT $8");
  if (!query)
    return std::move(query.error());
  bind_filter(*query, filter);
  query->bind(filter.words, limit);
  auto done = each_row(*query, [&] { out.emplace_back(query->text(0)); });
  if (!done)
    return std::move(done.error());
  return out;
}

result<std::vector<std::string>>
catalog_reader::ids(const image_filter& filter) {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare(std::string{"SELECT i.id FROM images AS i WHERE "}
                           + filter_condition);
  if (!query)
    return std::move(query.error());
  bind_filter(*query, filter);
  std::vector<std::string> out;
  auto done = each_row(*query, [&] { out.emplace_back(query->text(0)); });
  if (!done)
    return std::move(done.error());
  return out;
}

result<int64_t> catalog_reader::count_texts() {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare("SELECT count(*) FROM image_metadata");
  if (!query)
    return std::move(query.error());
  if (auto row = query->step(); !row)
    return std::move(row.error());
  return query->integer(0);
}

status
catalog_reader::each_hash(const std::function<void(hashed_image)>& take) {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare(
    "SELECT i.id, k.perceptual_hash, k.dominant_color FROM image_marks AS k "
    "JOIN images AS i ON i.id = k.image_id ORDER BY i.created_at, i.id");
  if (!query)
    return std::move(query.error());
  return each_row(*query, [&] {
    auto color = query->text(2);
    take({std::string{query->text(0)}, hex_of<uint64_t>(query->text(1)),
          hex_of<uint32_t>(color.substr(color.empty() ? 0 : 1))});
  });
}

} // namespace darkroom
