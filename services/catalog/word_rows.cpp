#include "services/catalog/word_rows.hpp"

#include "services/catalog/words.hpp"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

namespace {

status put_kind(database& db, const std::string& image_id, const char* kind,
                const std::vector<std::string>& words) {
  for (const auto& x : words) {
    auto word = filter_word(x);
    if (word.empty())
      continue;
    auto insert = db.prepare("INSERT INTO image_words (image_id, kind, word) "
                             "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    if (!insert)
      return std::move(insert.error());
    if (auto done = insert->bind(image_id, kind, word).run(); !done)
      return done;
  }
  return ok;
}

/// "dark, cozy" are two moods.
std::vector<std::string> moods_of(const std::string& mood) {
  std::vector<std::string> out;
  std::istringstream moods{mood};
  for (std::string one; std::getline(moods, one, ',');)
    out.push_back(one);
  return out;
}

} // namespace

status put_words(database& db, const std::string& image_id,
                 const image_metadata& x) {
  {
    auto forget = db.prepare("DELETE FROM image_words WHERE image_id = $1");
    if (!forget)
      return std::move(forget.error());
    if (auto done = forget->bind(image_id).run(); !done)
      return done;
  }
  if (auto done = put_kind(db, image_id, "tag", x.tags); !done)
    return done;
  if (auto done = put_kind(db, image_id, "category", x.categories); !done)
    return done;
  return put_kind(db, image_id, "mood", moods_of(x.mood));
}

} // namespace darkroom
