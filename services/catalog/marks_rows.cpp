#include "services/catalog/marks_rows.hpp"

#include <string>
#include <utility>

namespace darkroom {

namespace {

status forget_marks(database& db, const std::string& image_id) {
  auto forget = db.prepare("DELETE FROM image_marks WHERE image_id = $1");
  if (!forget)
    return std::move(forget.error());
  return forget->bind(image_id).run();
}

} // namespace

image_marks marks_of(const statement& row, int first) {
  auto text = [&](int column) {
    return std::string(row.text(first + column));
  };
  return {text(0), text(1), static_cast<uint32_t>(row.integer(first + 2)),
          text(3), text(4), text(5)};
}

status put_marks(database& db, const image_commit& rows, int64_t now) {
  if (rows.marks.empty())
    return forget_marks(db, rows.image_id);
  const auto& x = rows.marks.front();
  auto upsert = db.prepare(
    "INSERT INTO image_marks (image_id, content_hash, recipe_hash, "
    "avif_effort, blur_hash, dominant_color, perceptual_hash, made_at) "
    "VALUES ($1, NULLIF($2, ''), NULLIF($3, ''), $4, $5, $6, $7, $8) "
    "ON CONFLICT (image_id) DO UPDATE SET "
    "content_hash = excluded.content_hash, "
    "recipe_hash = excluded.recipe_hash, "
    "avif_effort = excluded.avif_effort, blur_hash = excluded.blur_hash, "
    "dominant_color = excluded.dominant_color, "
    "perceptual_hash = excluded.perceptual_hash, made_at = excluded.made_at");
  if (!upsert)
    return std::move(upsert.error());
  return upsert
    ->bind(rows.image_id, x.content_hash, x.recipe_hash, x.avif_effort,
           x.blur_hash, x.dominant_color, x.perceptual_hash, now)
    .run();
}

} // namespace darkroom
