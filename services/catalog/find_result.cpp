// The part of catalog that finds variants of the same bytes.
#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_rows.hpp"
#include "services/catalog/each_row.hpp"
#include "services/catalog/marks_rows.hpp"

#include <string>
#include <utility>

namespace darkroom {

result<known_result> catalog::find(const result_query& query) {
  known_result out;
  std::string image_id;
  {
    auto found = db_.prepare(
      "SELECT m.content_hash, m.recipe_hash, m.avif_effort, m.blur_hash, "
      "m.dominant_color, m.perceptual_hash, m.image_id FROM image_marks AS m "
      "JOIN image_parts AS p ON p.image_id = m.image_id "
      "AND p.part = 'variants' AND p.status = 'completed' "
      "WHERE m.content_hash = $1 AND m.recipe_hash = $2 "
      "AND m.avif_effort >= $3 AND m.avif_effort <= $4 "
      "ORDER BY m.made_at DESC LIMIT 1");
    if (!found)
      return std::move(found.error());
    auto row = found
                 ->bind(query.content_hash, query.recipe_hash,
                        query.lowest_effort, query.highest_effort)
                 .step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return out;
    out.marks.push_back(marks_of(*found, 0));
    image_id = found->text(6);
  }
  auto files = db_.prepare(std::string{"SELECT "} + variant_columns
                           + " FROM image_variants WHERE image_id = $1 "
                             "ORDER BY width DESC, format");
  if (!files)
    return std::move(files.error());
  files->bind(image_id);
  auto take = [&] {
    out.variants.push_back(variant_of(*files, 0));
  };
  if (auto done = each_row(*files, take); !done)
    return std::move(done.error());
  return out;
}

result<std::vector<std::string>>
catalog::variant_files(const std::string& image_id) {
  auto query = db_.prepare(
    "SELECT DISTINCT file_path FROM image_variants WHERE image_id = $1");
  if (!query)
    return std::move(query.error());
  query->bind(image_id);
  std::vector<std::string> out;
  auto take = [&] {
    out.emplace_back(query->text(0));
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return out;
}

} // namespace darkroom
