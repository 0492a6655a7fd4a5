#include "services/catalog/catalog_reader.hpp"

#include "services/catalog/find_image.hpp"
#include "services/catalog/image_status.hpp"
#include "services/catalog/schema.hpp"
#include "services/json/json.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace darkroom {

namespace {

/// The longest page; a record with its rows is about 5 KB.
constexpr int64_t max_page = 500;

/// Vectors per statement: 2 MB with 512 floats each.
constexpr int64_t vector_page = 1000;

/// The columns that `image_of` reads.
constexpr auto image_columns = "SELECT id, file_path, status, error, "
                               "created_at, updated_at, processed_at, "
                               "original_name FROM images ";

/// The columns that `take_part` reads.
constexpr auto part_columns = "SELECT image_id, part, status, error, job_id, "
                              "job_timestamp, attempt, updated_at, value "
                              "FROM image_parts ";

/// Calls `take` for every remaining row, until it returns an error.
template <class Take>
status each_row(statement& query, Take take) {
  for (;;) {
    auto row = query.step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return ok;
    if constexpr (std::is_void_v<decltype(take())>)
      take();
    else if (status taken = take(); !taken)
      return taken;
  }
}

std::string text(const statement& row, int column) {
  return std::string(row.text(column));
}

std::vector<std::string> words(const statement& row, int column) {
  auto value = parse_json(row.text(column));
  std::vector<std::string> words;
  if (value && value->is_array())
    for (auto& word : *value)
      if (word.is_string())
        words.push_back(word.get<std::string>());
  return words;
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
  return {text(row, 0),  text(row, 1), words(row, 2), words(row, 3),
          words(row, 4), text(row, 5), text(row, 6),  text(row, 7),
          text(row, 8),  text(row, 9), text(row, 10), row.integer(11)};
}

variant_record variant_of(const statement& row) {
  return {row.integer(0),
          {text(row, 1), text(row, 2), static_cast<uint32_t>(row.integer(3)),
           static_cast<uint32_t>(row.integer(4)),
           static_cast<uint64_t>(row.integer(5)), text(row, 6)},
          row.integer(7)};
}

stored_vector vector_of(const statement& row) {
  stored_vector stored{text(row, 0), text(row, 1), {}};
  auto bytes = row.text(2);
  stored.vector.resize(bytes.size() / sizeof(float));
  std::memcpy(stored.vector.data(), bytes.data(),
              stored.vector.size() * sizeof(float));
  return stored;
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
                                               const std::string& status) {
  std::lock_guard guard(*mutex_);
  image_page page;
  auto count = db_.prepare("SELECT count(*) FROM images "
                           "WHERE $1 = '' OR status = $1");
  if (!count)
    return std::move(count.error());
  if (auto row = count->bind(status).step(); !row)
    return std::move(row.error());
  page.total = count->integer(0);
  auto query = db_.prepare(
    image_columns
    + std::string{"WHERE $1 = '' OR status = $1 "
                  "ORDER BY created_at DESC, id LIMIT $2 OFFSET $3"});
  if (!query)
    return std::move(query.error());
  query->bind(status, std::clamp<int64_t>(limit, 1, max_page),
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
  auto query = find_image(db_, image_columns + std::string{"WHERE id = $1"},
                          id);
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

status
catalog_reader::each_vector(const std::function<void(stored_vector)>& take) {
  std::lock_guard guard(*mutex_);
  std::string last;
  for (auto count = vector_page; count == vector_page;) {
    auto query = db_.prepare("SELECT id, model, vector FROM embeddings "
                             "WHERE id > $1 ORDER BY id LIMIT $2");
    if (!query)
      return std::move(query.error());
    query->bind(last, vector_page);
    count = 0;
    auto done = each_row(*query, [&] {
      auto stored = vector_of(*query);
      last = stored.id;
      ++count;
      take(std::move(stored));
    });
    if (!done)
      return done;
  }
  return ok;
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
                       "searchable_text, model, generated_at "
                       "FROM image_metadata WHERE image_id = $1",
                       [&](auto& row) { into.metadata = metadata_of(row); });
      !done)
    return done;
  if (auto done
      = read("SELECT id, variant_type, format, width, height, file_size, "
             "file_path, created_at FROM image_variants WHERE image_id = $1 "
             "ORDER BY width, format",
             [&](auto& row) { into.variants.push_back(variant_of(row)); });
      !done)
    return done;
  return read(
    "SELECT model, dimensions FROM embeddings WHERE id = $1", [&](auto& row) {
      into.embedding = {text(row, 0), static_cast<uint32_t>(row.integer(1))};
    });
}

} // namespace darkroom
