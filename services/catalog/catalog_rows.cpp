#include "services/catalog/catalog_rows.hpp"

#include "services/json/json.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace darkroom {

namespace {

std::string to_json(const std::vector<std::string>& words) {
  return write_json(words);
}

status put_metadata(database& db, const std::string& image_id,
                    const image_metadata& x) {
  auto upsert = db.prepare(
    "INSERT INTO image_metadata (image_id, description, detailed_description, "
    "tags, categories, objects, colors, mood, style, composition, "
    "searchable_text, generated_at, model) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
    "ON CONFLICT (image_id) DO UPDATE SET description = excluded.description, "
    "detailed_description = excluded.detailed_description, "
    "tags = excluded.tags, categories = excluded.categories, "
    "objects = excluded.objects, colors = excluded.colors, "
    "mood = excluded.mood, style = excluded.style, "
    "composition = excluded.composition, "
    "searchable_text = excluded.searchable_text, "
    "generated_at = excluded.generated_at, model = excluded.model");
  if (!upsert)
    return std::move(upsert.error());
  return upsert
    ->bind(image_id, x.description, x.detailed_description, to_json(x.tags),
           to_json(x.categories), to_json(x.objects), x.colors, x.mood, x.style,
           x.composition, x.searchable_text, x.generated_at, x.model)
    .run();
}

status put_variant(database& db, const std::string& image_id,
                   const image_variant& x, int64_t now) {
  auto upsert = db.prepare(
    "INSERT INTO image_variants (image_id, variant_type, format, width, "
    "height, file_size, file_path, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (image_id, variant_type, format) DO UPDATE SET "
    "width = excluded.width, height = excluded.height, "
    "file_size = excluded.file_size, file_path = excluded.file_path");
  if (!upsert)
    return std::move(upsert.error());
  return upsert
    ->bind(image_id, x.variant_type, x.format, x.width, x.height, x.file_size,
           x.file_path, now)
    .run();
}

status put_embedding(database& db, const std::string& image_id,
                     const image_embedding& x, int64_t now) {
  auto upsert = db.prepare(
    "INSERT INTO embeddings (id, type, name, slug, searchable_text, metadata, "
    "model, dimensions, vector, created_at) "
    "VALUES ($1, 'image', $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
    "slug = excluded.slug, searchable_text = excluded.searchable_text, "
    "metadata = excluded.metadata, model = excluded.model, "
    "dimensions = excluded.dimensions, vector = excluded.vector");
  if (!upsert)
    return std::move(upsert.error());
  return upsert
    ->bind(image_id, x.name, x.slug, x.searchable_text, x.metadata, x.model,
           static_cast<int64_t>(x.vector.size()), x.vector, now)
    .run();
}

status put_variants(database& db, const image_commit& rows, int64_t now) {
  for (const auto& variant : rows.variants)
    if (auto done = put_variant(db, rows.image_id, variant, now); !done)
      return done;
  return ok;
}

status put_value(database& db, const image_commit& rows) {
  auto update = db.prepare("UPDATE image_parts SET value = $1 "
                           "WHERE image_id = $2 AND part = $3");
  if (!update)
    return std::move(update.error());
  return update->bind(rows.value, rows.image_id, to_string(rows.part)).run();
}

bool is_vector(const image_embedding& x) {
  return !x.vector.empty()
         && std::all_of(x.vector.begin(), x.vector.end(),
                        [](float value) { return std::isfinite(value); });
}

bool is_sound(const image_commit& rows) {
  switch (rows.part) {
    case image_part::metadata:
      return rows.metadata.size() == 1;
    case image_part::variants:
      return !rows.variants.empty();
    case image_part::embedding:
      return rows.embedding.size() == 1 && is_vector(rows.embedding.front());
  }
  return false;
}

} // namespace

status check_rows(const image_commit& rows) {
  if (is_sound(rows) && !rows.image_id.empty())
    return ok;
  return fail(ec::internal, "commit of " + rows.stamp.job_id + " for image '"
                              + rows.image_id + "' has no sound rows of part '"
                              + to_string(rows.part) + "'");
}

status put_rows(database& db, const image_commit& rows, int64_t now) {
  if (!rows.value.empty())
    if (auto done = put_value(db, rows); !done)
      return done;
  switch (rows.part) {
    case image_part::metadata:
      return put_metadata(db, rows.image_id, rows.metadata.front());
    case image_part::variants:
      return put_variants(db, rows, now);
    case image_part::embedding:
      return put_embedding(db, rows.image_id, rows.embedding.front(), now);
  }
  return ok;
}

} // namespace darkroom
