#include "services/catalog/catalog_rows.hpp"

#include "services/catalog/each_row.hpp"
#include "services/catalog/marks_rows.hpp"
#include "services/catalog/vector_rows.hpp"
#include "services/catalog/word_rows.hpp"
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
    "searchable_text, generated_at, model, provider_rank, prompt_version, "
    "tokens_in, tokens_out, cost) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
    "$16, $17, $18) "
    "ON CONFLICT (image_id) DO UPDATE SET description = excluded.description, "
    "detailed_description = excluded.detailed_description, "
    "tags = excluded.tags, categories = excluded.categories, "
    "objects = excluded.objects, colors = excluded.colors, "
    "mood = excluded.mood, style = excluded.style, "
    "composition = excluded.composition, "
    "searchable_text = excluded.searchable_text, "
    "generated_at = excluded.generated_at, model = excluded.model, "
    "provider_rank = excluded.provider_rank, "
    "prompt_version = excluded.prompt_version, "
    "tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out, "
    "cost = excluded.cost");
  if (!upsert)
    return std::move(upsert.error());
  auto done
    = upsert
        ->bind(image_id, x.description, x.detailed_description, to_json(x.tags),
               to_json(x.categories), to_json(x.objects), x.colors, x.mood,
               x.style, x.composition, x.searchable_text, x.generated_at,
               x.model, static_cast<int64_t>(x.provider_rank), x.prompt_version,
               static_cast<int64_t>(x.tokens_in),
               static_cast<int64_t>(x.tokens_out), static_cast<int64_t>(x.cost))
        .run();
  return done ? put_words(db, image_id, x) : done;
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

/// Removes the rows of variants that are not made any more, because
/// [[variants]] has changed since.
status remove_other_variants(database& db, const image_commit& rows) {
  auto all = db.prepare(
    "SELECT variant_type, format FROM image_variants WHERE image_id = $1");
  if (!all)
    return std::move(all.error());
  all->bind(rows.image_id);
  std::vector<std::pair<std::string, std::string>> gone;
  auto listed = each_row(*all, [&] {
    auto stays = std::any_of(
      rows.variants.begin(), rows.variants.end(), [&all](const auto& x) {
        return x.variant_type == all->text(0) && x.format == all->text(1);
      });
    if (!stays)
      gone.emplace_back(all->text(0), all->text(1));
  });
  if (!listed)
    return listed;
  for (const auto& [type, format] : gone) {
    auto remove = db.prepare("DELETE FROM image_variants WHERE image_id = $1 "
                             "AND variant_type = $2 AND format = $3");
    if (!remove)
      return std::move(remove.error());
    if (auto done = remove->bind(rows.image_id, type, format).run(); !done)
      return done;
  }
  return ok;
}

status put_variants(database& db, const image_commit& rows, int64_t now) {
  for (const auto& variant : rows.variants)
    if (auto done = put_variant(db, rows.image_id, variant, now); !done)
      return done;
  if (auto done = remove_other_variants(db, rows); !done)
    return done;
  return put_marks(db, rows, now);
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
      return !rows.variants.empty() && rows.marks.size() <= 1;
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

image_variant variant_of(const statement& row, int first) {
  auto text = [&](int column) {
    return std::string(row.text(first + column));
  };
  auto number = [&](int column) {
    return static_cast<uint32_t>(row.integer(first + column));
  };
  return {text(0),
          text(1),
          number(2),
          number(3),
          static_cast<uint64_t>(row.integer(first + 4)),
          text(5)};
}

std::vector<std::string> words_in(const statement& row, int column) {
  auto value = parse_json(row.text(column));
  std::vector<std::string> words;
  if (value && value->is_array())
    for (auto& word : *value)
      if (word.is_string())
        words.push_back(word.get<std::string>());
  return words;
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
