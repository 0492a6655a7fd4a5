// The part of image_book that finishes uploads, and deletes images.
#include "services/catalog/each_row.hpp"
#include "services/catalog/find_image.hpp"
#include "services/catalog/image_book.hpp"
#include "services/catalog/vector_rows.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// How long a deletion is remembered. No job that was added before the deletion
/// should wait for longer.
constexpr int64_t deletion_life_ms = int64_t{90} * 24 * 3600 * 1000;

} // namespace

result<std::vector<waiting_jobs>> image_book::outbox(int64_t until,
                                                     int64_t limit) {
  auto found = read_outbox(until, limit);
  if (!found || found->empty())
    return found; // nearly always empty; then nothing is written
  // Redis got these jobs although its answer was lost. Retention may have
  // removed them since; their ids would then be free, and they would be added
  // again.
  auto forget = db_.prepare(
    "DELETE FROM job_outbox WHERE EXISTS (SELECT 1 FROM image_parts AS p "
    "WHERE p.image_id = job_outbox.image_id AND p.job_id = job_outbox.job_id)");
  if (!forget)
    return std::move(forget.error());
  if (auto done = forget->run(); !done)
    return std::move(done.error());
  return read_outbox(until, limit);
}

result<std::vector<waiting_jobs>> image_book::read_outbox(int64_t until,
                                                          int64_t limit) {
  auto query = db_.prepare("SELECT job_id, name, data, created_at "
                           "FROM job_outbox WHERE created_at <= $1 "
                           "AND (queue = $2 OR queue = '') "
                           "ORDER BY created_at, job_id LIMIT $3");
  if (!query)
    return std::move(query.error());
  query->bind(until, queue_, limit);
  std::vector<waiting_jobs> out;
  auto take = [&] {
    new_job x;
    x.id = query->text(0);
    x.name = query->text(1);
    x.data = query->text(2);
    if (out.empty() || out.back().created_at != query->integer(3))
      out.push_back({query->integer(3), {}});
    out.back().jobs.push_back(std::move(x));
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return out;
}

result<std::vector<new_job>>
image_book::still_waiting(const std::vector<new_job>& jobs) {
  std::vector<new_job> out;
  for (const auto& x : jobs) {
    auto query = db_.prepare("SELECT 1 FROM job_outbox WHERE job_id = $1");
    if (!query)
      return std::move(query.error());
    auto row = query->bind(x.id).step();
    if (!row)
      return std::move(row.error());
    if (*row)
      out.push_back(x);
  }
  return out;
}

status image_book::added(const std::vector<new_job>& jobs,
                         const std::string& key, const kept_answer& answer) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  for (const auto& x : jobs) {
    auto forget = db_.prepare("DELETE FROM job_outbox WHERE job_id = $1");
    if (!forget)
      return std::move(forget.error());
    if (auto done = forget->bind(x.id).run(); !done)
      return done;
  }
  if (!key.empty()) {
    auto update = db_.prepare("UPDATE upload_keys SET status = $1, answer = $2 "
                              "WHERE upload_key = $3");
    if (!update)
      return std::move(update.error());
    if (auto done = update->bind(answer.status, answer.body, key).run(); !done)
      return done;
  }
  return step->commit();
}

result<deleted_image> image_book::remove(const std::string& id, int64_t now,
                                         const std::string& folder,
                                         const real_name_of& look) {
  if (auto done = look_up_files(db_, look); !done)
    return std::move(done.error());
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  auto newest = newest_stamp(id);
  if (!newest)
    return std::move(newest.error());
  deleted_image out;
  std::vector<std::string> paths;
  {
    // Waits for a job that writes rows of the image. A job that comes later
    // finds the mark below.
    auto erase = db_.prepare("DELETE FROM images WHERE id = $1 "
                             "RETURNING file_path, upload_path");
    if (!erase)
      return std::move(erase.error());
    auto row = erase->bind(id).step();
    if (!row)
      return std::move(row.error());
    out.was_there = *row;
    if (*row)
      paths = {std::string{erase->text(0)}, std::string{erase->text(1)}};
  }
  if (auto done = app_.remove(db_, id); !done)
    return std::move(done.error());
  auto marked = out.was_there ? mark_deleted(id, paths, std::max(now, *newest))
                              : find_deleted(id, paths);
  if (!marked)
    return std::move(marked.error());
  if (auto done = forget_keys_of(id); !done)
    return std::move(done.error());
  auto files = find_free_files(db_, look, paths, folder);
  if (!files)
    return std::move(files.error());
  out.files = std::move(*files);
  if (out.was_there)
    if (auto done = note_vector_change(db_, id); !done)
      return std::move(done.error());
  if (auto done = step->commit(); !done)
    return std::move(done.error());
  return out;
}

/// The newest time in the image's rows. It may be in our future, because other
/// machines add jobs and images by their own clocks.
result<int64_t> image_book::newest_stamp(const std::string& id) {
  auto query = db_.prepare(
    "SELECT COALESCE(MAX(t.at), 0) FROM (SELECT job_timestamp AS at "
    "FROM image_parts WHERE image_id = $1 UNION ALL "
    "SELECT created_at AS at FROM images WHERE id = $1) AS t");
  if (!query)
    return std::move(query.error());
  if (auto row = query->bind(id).step(); !row)
    return std::move(row.error());
  return query->integer(0);
}

status image_book::mark_deleted(const std::string& id,
                                const std::vector<std::string>& paths,
                                int64_t at) {
  auto mark = db_.prepare(
    "INSERT INTO deleted_images (id, file_path, upload_path, deleted_at) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
    "file_path = excluded.file_path, upload_path = excluded.upload_path, "
    "deleted_at = excluded.deleted_at, is_back = 0");
  if (!mark)
    return std::move(mark.error());
  if (auto done = mark->bind(id, paths.at(0), paths.at(1), at).run(); !done)
    return done;
  for (const auto* sql :
       {"DELETE FROM vector_changes WHERE image_id IN (SELECT id "
        "FROM deleted_images WHERE deleted_at < $1 AND is_back = 0)",
        "DELETE FROM deleted_images WHERE deleted_at < $1"}) {
    auto forget = db_.prepare(sql);
    if (!forget)
      return std::move(forget.error());
    if (auto done = forget->bind(at - deletion_life_ms).run(); !done)
      return done;
  }
  return ok;
}

status image_book::find_deleted(const std::string& id,
                                std::vector<std::string>& paths) {
  auto query = find_image(
    db_, "SELECT file_path, upload_path FROM deleted_images WHERE id = $1", id);
  if (!query)
    return std::move(query.error());
  paths = {std::string{query->text(0)}, std::string{query->text(1)}};
  return ok;
}

} // namespace darkroom
