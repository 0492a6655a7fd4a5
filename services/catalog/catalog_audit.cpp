#include "services/catalog/catalog_audit.hpp"

#include "services/catalog/each_row.hpp"
#include "services/catalog/schema.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace darkroom {

namespace {

constexpr int64_t paths_a_read = 1000;

constexpr auto audited_columns
  = "SELECT id, file_path, CASE WHEN upload_path IS NULL THEN 0 ELSE 1 END, "
    "status, created_at, updated_at FROM images ";

std::string text_at(const statement& row, int column) {
  return std::string{row.text(column)};
}

result<std::vector<audited_image>> audited_of(statement& query) {
  std::vector<audited_image> out;
  auto take = [&] {
    audited_image x;
    x.id = text_at(query, 0);
    x.file_path = text_at(query, 1);
    x.is_upload = query.integer(2) != 0;
    x.status = text_at(query, 3);
    x.created_at = query.integer(4);
    x.changed_at = std::max(x.created_at, query.integer(5));
    out.push_back(std::move(x));
  };
  if (auto done = each_row(query, take); !done)
    return std::move(done.error());
  return out;
}

status add_audited(const statement& row, audited_image& to) {
  auto part = read_part(row.text(1), to.id);
  if (!part)
    return std::move(part.error());
  to.parts.push_back(
    {*part,
     to_work_status(row.text(2)),
     {text_at(row, 3), row.integer(4), static_cast<uint32_t>(row.integer(5))}});
  to.changed_at = std::max(to.changed_at, row.integer(6));
  return ok;
}

} // namespace

const audited_part* audited_image::find(image_part part) const {
  auto found = std::find_if(parts.begin(), parts.end(),
                            [part](const auto& x) { return x.part == part; });
  return found == parts.end() ? nullptr : &*found;
}

result<catalog_audit> catalog_audit::open(const catalog_settings& cfg,
                                          access how) {
  auto db = database::open(cfg, how,
                           how == access::read_only ? check_schema : migrate);
  if (!db)
    return std::move(db.error());
  return catalog_audit(std::move(*db));
}

result<std::vector<audited_image>>
catalog_audit::images(const std::string& after, int64_t limit) {
  auto query = db_.prepare(audited_columns
                           + std::string{"WHERE id > $1 ORDER BY id LIMIT $2"});
  if (!query)
    return std::move(query.error());
  auto out = audited_of(query->bind(after, limit));
  if (out)
    if (auto done = fill(*out); !done)
      return std::move(done.error());
  return out;
}

result<std::vector<audited_image>> catalog_audit::image(const std::string& id) {
  auto query = db_.prepare(audited_columns + std::string{"WHERE id = $1"});
  if (!query)
    return std::move(query.error());
  auto out = audited_of(query->bind(id));
  if (out)
    if (auto done = fill(*out); !done)
      return std::move(done.error());
  return out;
}

/// Adds the other tables' rows, in an order in which no job escapes: an image
/// without a row in the outbox has its jobs in Redis by now.
status catalog_audit::fill(std::vector<audited_image>& images) {
  if (images.empty())
    return ok;
  std::unordered_map<std::string_view, audited_image*> known;
  for (auto& x : images)
    known.emplace(x.id, &x);
  auto read = [&](const std::string& columns, const char* table,
                  const std::string& id, auto take) -> status {
    auto query = db_.prepare("SELECT " + columns + " FROM " + table + " WHERE "
                             + id + " >= $1 AND " + id + " <= $2");
    if (!query)
      return std::move(query.error());
    query->bind(images.front().id, images.back().id);
    return each_row(*query, [&]() -> status {
      auto found = known.find(query->text(0));
      return found == known.end() ? status{ok} : take(*query, *found->second);
    });
  };
  const std::string id = "image_id";
  auto done = read("image_id, part, status, job_id, job_timestamp, attempt, "
                   "updated_at",
                   "image_parts", id, add_audited);
  if (done)
    done = read("image_id, CASE WHEN searchable_text <> '' THEN 1 ELSE 0 END",
                "image_metadata", id,
                [](const statement& row, audited_image& x) -> status {
                  x.has_metadata = true;
                  x.has_text = row.integer(1) != 0;
                  return ok;
                });
  if (done)
    done = read("image_id, file_path", "image_variants", id,
                [](const statement& row, audited_image& x) -> status {
                  x.variants.push_back(text_at(row, 1));
                  return ok;
                });
  if (done)
    done = read("DISTINCT id", "embeddings", "id",
                [](const statement&, audited_image& x) -> status {
                  x.has_vector = true;
                  return ok;
                });
  if (done)
    done = read("DISTINCT image_id", "job_outbox", id,
                [](const statement&, audited_image& x) -> status {
                  x.has_outbox = true;
                  return ok;
                });
  return done;
}

result<image_trace> catalog_audit::trace_of(const std::string& id) {
  auto query = db_.prepare(
    "SELECT (SELECT count(*) FROM images WHERE id = $1), "
    "(SELECT count(*) FROM upload_files WHERE image_id = $1), "
    "COALESCE((SELECT deleted_at FROM deleted_images WHERE id = $1), 0)");
  if (!query)
    return std::move(query.error());
  if (auto row = query->bind(id).step(); !row)
    return std::move(row.error());
  return image_trace{query->integer(0) != 0, query->integer(1) != 0,
                     query->integer(2)};
}

status catalog_audit::each_path(
  const std::function<void(const std::string&, const std::string&,
                           const std::string&)>& take) {
  std::string last;
  for (auto count = paths_a_read; count == paths_a_read;) {
    auto query = db_.prepare("SELECT id, file_path, upload_path FROM images "
                             "WHERE id > $1 ORDER BY id LIMIT $2");
    if (!query)
      return std::move(query.error());
    query->bind(last, paths_a_read);
    count = 0;
    auto done = each_row(*query, [&] {
      last = query->text(0);
      ++count;
      take(last, text_at(*query, 1), text_at(*query, 2));
    });
    if (!done)
      return done;
  }
  return ok;
}

result<bool> catalog_audit::is_in_outbox(const std::string& job_id) {
  auto query = db_.prepare("SELECT 1 FROM job_outbox WHERE job_id = $1");
  if (!query)
    return std::move(query.error());
  return query->bind(job_id).step();
}

result<std::vector<outbox_job>>
catalog_audit::outbox(const std::string& queue, int64_t until, int64_t limit) {
  auto query = db_.prepare(
    "SELECT job_id, image_id, created_at FROM job_outbox "
    "WHERE created_at <= $1 AND (queue = $2 OR queue = '') "
    "ORDER BY created_at, job_id LIMIT $3");
  if (!query)
    return std::move(query.error());
  query->bind(until, queue, limit);
  std::vector<outbox_job> out;
  auto take = [&] {
    out.push_back({text_at(*query, 0), text_at(*query, 1), query->integer(2)});
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return out;
}

} // namespace darkroom
