#include "services/catalog/catalog_reader.hpp"

#include "services/catalog/catalog_rows.hpp"
#include "services/catalog/each_row.hpp"
#include "services/catalog/find_image.hpp"
#include "services/catalog/image_status.hpp"
#include "services/catalog/marks_rows.hpp"
#include "services/catalog/schema.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// The longest page; a record with its rows is about 5 KB.
constexpr int64_t max_page = 500;

/// The columns that `image_of` reads.
constexpr auto image_columns
  = "SELECT i.id, i.file_path, i.status, i.error, i.created_at, i.updated_at, "
    "i.processed_at, i.original_name ";

/// The columns that `take_part` reads.
constexpr auto part_columns = "SELECT image_id, part, status, error, job_id, "
                              "job_timestamp, attempt, updated_at, value "
                              "FROM image_parts ";

std::string text(const statement& row, int column) {
  return std::string(row.text(column));
}

image_record image_of(const statement& row) {
  image_record image;
  image.id = text(row, 0);
  image.file_path = text(row, 1);
  image.status = text(row, 2);
  image.error = text(row, 3);
  image.created_at = row.integer(4);
  image.updated_at = row.integer(5);
  image.processed_at = row.integer(6);
  image.original_name = text(row, 7);
  return image;
}

/// Adds the part of this row to `parts`.
status take_part(const statement& row, std::vector<part_record>& parts) {
  auto part = read_part(row.text(1), row.text(0));
  if (!part)
    return std::move(part.error());
  parts.push_back(
    {text(row, 0),
     *part,
     text(row, 2),
     text(row, 3),
     {text(row, 4), row.integer(5), static_cast<uint32_t>(row.integer(6))},
     row.integer(7),
     text(row, 8)});
  return ok;
}

image_metadata metadata_of(const statement& row) {
  return {text(row, 0),
          text(row, 1),
          words_in(row, 2),
          words_in(row, 3),
          words_in(row, 4),
          text(row, 5),
          text(row, 6),
          text(row, 7),
          text(row, 8),
          text(row, 9),
          text(row, 10),
          row.integer(11),
          static_cast<uint32_t>(row.integer(12)),
          text(row, 13),
          static_cast<uint64_t>(row.integer(14)),
          static_cast<uint64_t>(row.integer(15)),
          static_cast<uint64_t>(row.integer(16))};
}

variant_record record_of(const statement& row) {
  return {row.integer(0), variant_of(row, 1), row.integer(7)};
}

} // namespace

catalog_reader::catalog_reader(database db)
  : mutex_(std::make_unique<std::mutex>()),
    db_(std::move(db)) {}

result<catalog_reader> catalog_reader::open(const catalog_settings& cfg) {
  auto db = database::open(cfg, access::read_only, check_schema);
  if (!db)
    return std::move(db.error());
  return catalog_reader(std::move(*db));
}

result<image_page> catalog_reader::list_images(int64_t limit, int64_t offset,
                                               const image_filter& filter) {
  std::lock_guard guard(*mutex_);
  auto engine = db_.connected();
  if (!engine)
    return std::move(engine.error());
  const auto& words = (*engine)->words();
  std::string which = std::string{"FROM images AS i WHERE "} + filter_condition;
  if (!filter.words.empty())
    which += std::string{"AND i.id IN (SELECT m.image_id FROM "} + words.source
             + " WHERE " + words.match + ") ";
  auto begin = [&](const std::string& sql) {
    auto query = db_.prepare(sql);
    if (query) {
      bind_filter(*query, filter);
      if (!filter.words.empty())
        query->bind(filter.words);
    }
    return query;
  };
  image_page page;
  {
    auto count = begin("SELECT count(*) " + which);
    if (!count)
      return std::move(count.error());
    if (auto row = count->step(); !row)
      return std::move(row.error());
    page.total = count->integer(0);
  }
  auto first = filter.words.empty() ? 7 : 8;
  auto query = begin(std::string{image_columns} + which
                     + "ORDER BY i.created_at DESC, i.id LIMIT $"
                     + std::to_string(first) + " OFFSET $"
                     + std::to_string(first + 1));
  if (!query)
    return std::move(query.error());
  query->bind(std::clamp<int64_t>(limit, 1, max_page),
              std::max<int64_t>(offset, 0));
  auto take = [&page, &query] {
    page.images.push_back(image_of(*query));
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  for (auto& image : page.images)
    if (auto done = read_rows(image); !done)
      return std::move(done.error());
  return page;
}

result<image_record> catalog_reader::image(const std::string& id) {
  std::lock_guard guard(*mutex_);
  auto query = find_image(
    db_, image_columns + std::string{"FROM images AS i WHERE i.id = $1"}, id);
  if (!query)
    return std::move(query.error());
  auto image = image_of(*query);
  if (auto done = read_rows(image); !done)
    return std::move(done.error());
  return image;
}

result<std::vector<part_record>>
catalog_reader::parts(const std::string& status, int64_t limit) {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare(
    part_columns
    + std::string{"WHERE status = $1 ORDER BY updated_at LIMIT $2"});
  if (!query)
    return std::move(query.error());
  query->bind(status, limit);
  std::vector<part_record> parts;
  auto take = [&parts, &query] {
    return take_part(*query, parts);
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return parts;
}

result<std::vector<remade_image>>
catalog_reader::hasty_images(uint32_t below_effort, const std::string& after,
                             int64_t limit) {
  return images_to_remake(
    "SELECT i.id, i.file_path, m.made_at FROM image_marks AS m "
    "JOIN images AS i ON i.id = m.image_id "
    "WHERE m.avif_effort < $1 AND m.image_id > $2 "
    "AND EXISTS (SELECT 1 FROM image_variants AS v "
    "WHERE v.image_id = m.image_id AND v.format = 'avif') "
    "ORDER BY m.image_id LIMIT $3",
    below_effort, after, limit);
}

result<std::vector<remade_image>>
catalog_reader::poorly_described(uint32_t from_rank, const std::string& after,
                                 int64_t limit) {
  return images_to_remake(
    "SELECT i.id, i.file_path, m.generated_at FROM image_metadata AS m "
    "JOIN images AS i ON i.id = m.image_id "
    "WHERE m.provider_rank >= $1 AND m.image_id > $2 "
    "ORDER BY m.image_id LIMIT $3",
    from_rank, after, limit);
}

result<std::vector<remade_image>>
catalog_reader::images_to_remake(const char* sql, int64_t bound,
                                 const std::string& after, int64_t limit) {
  std::lock_guard guard(*mutex_);
  auto query = db_.prepare(sql);
  if (!query)
    return std::move(query.error());
  query->bind(bound, after, limit);
  std::vector<remade_image> images;
  auto take = [&images, &query] {
    images.push_back({text(*query, 0), text(*query, 1), query->integer(2)});
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return images;
}

status catalog_reader::read_rows(image_record& into) {
  auto read = [this, &into](const std::string& sql, auto take) -> status {
    auto query = db_.prepare(sql);
    if (!query)
      return std::move(query.error());
    query->bind(into.id);
    return each_row(*query, [&] { return take(*query); });
  };
  if (auto done
      = read(part_columns + std::string{"WHERE image_id = $1 ORDER BY part"},
             [&](auto& row) { return take_part(row, into.parts); });
      !done)
    return done;
  if (auto done = read("SELECT description, detailed_description, tags, "
                       "categories, objects, colors, mood, style, composition, "
                       "searchable_text, model, generated_at, provider_rank, "
                       "prompt_version, tokens_in, tokens_out, cost "
                       "FROM image_metadata WHERE image_id = $1",
                       [&](auto& row) { into.metadata = metadata_of(row); });
      !done)
    return done;
  if (auto done
      = read(std::string{"SELECT id, "} + variant_columns
               + ", created_at FROM image_variants WHERE image_id = $1 "
                 "ORDER BY width, format",
             [&](auto& row) { into.variants.push_back(record_of(row)); });
      !done)
    return done;
  if (auto done = read(read_marks + std::string{"WHERE image_id = $1"},
                       [&](auto& row) { into.marks = marks_of(row, 0); });
      !done)
    return done;
  return read(
    "SELECT e.host, e.model, e.dimensions, e.text_hash, CASE WHEN EXISTS "
    "(SELECT 1 FROM image_metadata AS m WHERE m.image_id = e.id "
    "AND m.searchable_text <> e.searchable_text) THEN 1 ELSE 0 END, "
    "CASE WHEN s.host = e.host AND s.model = e.model "
    "AND s.dimensions = e.dimensions THEN 1 ELSE 0 END AS is_searched "
    "FROM embeddings AS e CROSS JOIN search_state AS s WHERE e.id = $1 "
    "ORDER BY is_searched, e.created_at",
    [&](auto& row) {
      into.embedding
        = {{text(row, 0), text(row, 1), static_cast<uint32_t>(row.integer(2))},
           text(row, 3),
           row.integer(4) != 0,
           row.integer(5) != 0};
    });
}

} // namespace darkroom
