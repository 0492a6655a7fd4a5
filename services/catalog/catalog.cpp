#include "services/catalog/catalog.hpp"

#include "services/catalog/catalog_rows.hpp"
#include "services/catalog/each_row.hpp"
#include "services/catalog/image_files.hpp"
#include "services/catalog/schema.hpp"

#include <utility>

namespace darkroom {

namespace {

/// Whether a run whose part is in this state has nothing left to do.
bool is_settled(work_status status) {
  return status == work_status::completed || status == work_status::failed;
}

} // namespace

result<catalog> catalog::open(const catalog_settings& cfg) {
  auto db = database::open(cfg, access::read_write, migrate);
  if (!db)
    return std::move(db.error());
  app_mirror app{cfg};
  if (auto fits = app.check(*db); !fits)
    return std::move(fits.error());
  return catalog(std::move(*db), std::move(app));
}

status catalog::ensure_image(const std::string& id,
                             const std::string& file_path, int64_t now) {
  auto insert = db_.prepare("INSERT INTO images (id, file_path, status, "
                            "created_at, updated_at) "
                            "VALUES ($1, $2, 'pending', $3, $3) "
                            "ON CONFLICT (id) DO NOTHING");
  if (!insert)
    return std::move(insert.error());
  return insert->bind(id, file_path, now).run();
}

status catalog::begin_part(const attempt_stamp& stamp,
                           const std::string& image_id,
                           const std::string& file_path, image_part part,
                           int64_t now) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  target at{stamp, image_id, file_path, part, now};
  auto before = pass_fence(at);
  if (!before)
    return std::move(before.error());
  if (before->verdict == fence_verdict::same && is_settled(before->status))
    return ok; // a late repetition of this run's start
  if (auto done = settle(at, work_status::processing, ""); !done)
    return done;
  return step->commit();
}

status catalog::commit(const image_commit& rows, int64_t now,
                       const file_publisher& publish) {
  if (auto sound = check_rows(rows); !sound)
    return sound;
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  target at{rows.stamp, rows.image_id, rows.file_path, rows.part, now, true};
  auto before = pass_fence(at);
  if (!before)
    return std::move(before.error());
  if (before->verdict == fence_verdict::same) {
    if (before->status == work_status::completed)
      return ok;
    if (before->status == work_status::failed)
      return fail(ec::fenced, "result of " + describe(rows.stamp)
                                + " came after the job was declared failed");
  }
  if (auto done = settle(at, work_status::completed, ""); !done)
    return done;
  if (auto done = put_rows(db_, rows, now); !done)
    return done;
  if (auto done = app_.put_part(db_, rows.image_id, rows.part); !done)
    return done;
  if (publish && !rows.files.empty())
    if (auto done = publish(rows.files); !done)
      return done;
  return step->commit();
}

status catalog::fail_part(const attempt_stamp& stamp,
                          const std::string& image_id,
                          const std::string& file_path, image_part part,
                          const std::string& why, int64_t now) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  // This holds even if the run has committed: the queue has the last word, and
  // a job that failed there never adds the next job of its chain.
  target at{stamp, image_id, file_path, part, now};
  if (auto before = pass_fence(at); !before)
    return std::move(before.error());
  if (auto done = settle(at, work_status::failed, why); !done)
    return done;
  return step->commit();
}

result<catalog::part_state> catalog::pass_fence(const target& at) {
  // This comes first because it locks the image. Other writers of its parts,
  // also on other machines, wait here until we have committed, and then see
  // what we wrote. No writer ever waits for a second lock.
  if (auto done = put_image(at); !done)
    return std::move(done.error());
  if (auto there = pass_deletion(at); !there)
    return std::move(there.error());
  auto query = db_.prepare(
    "SELECT job_id, job_timestamp, attempt, status "
    "FROM image_parts WHERE image_id = $1 AND part = $2");
  if (!query)
    return std::move(query.error());
  auto row = query->bind(at.image_id, to_string(at.part)).step();
  if (!row)
    return std::move(row.error());
  if (!*row)
    return part_state{};
  attempt_stamp newest{std::string(query->text(0)), query->integer(1),
                       static_cast<uint32_t>(query->integer(2))};
  part_state state{check_fence(newest, at.stamp),
                   to_work_status(query->text(3))};
  if (state.verdict == fence_verdict::older)
    return fail(is_same_job(newest, at.stamp) ? ec::fenced : ec::superseded,
                std::string{"the "} + to_string(at.part) + " of image '"
                  + at.image_id + "' belong to " + describe(newest)
                  + "; the word of " + describe(at.stamp) + " is void");
  return state;
}

/// A job makes a deleted image again only if it was added after the deletion,
/// and not by another job, which may be older than the deletion.
status catalog::pass_deletion(const target& at) {
  {
    auto query = db_.prepare(
      "SELECT deleted_at, is_back FROM deleted_images WHERE id = $1");
    if (!query)
      return std::move(query.error());
    auto row = query->bind(at.image_id).step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return ok;
    auto is_older = at.stamp.job_timestamp <= query->integer(0);
    auto is_back = query->integer(1) != 0;
    if (is_older || (!is_back && rules_of(at.part).is_chained))
      return fail(ec::superseded, "image '" + at.image_id
                                    + "' was deleted: the word of "
                                    + describe(at.stamp) + " is void");
    if (is_back)
      return ok;
  }
  auto update = db_.prepare("UPDATE deleted_images SET is_back = 1 "
                            "WHERE id = $1");
  if (!update)
    return std::move(update.error());
  return update->bind(at.image_id).run();
}

status catalog::settle(const target& at, work_status to,
                       const std::string& why) {
  if (auto done = put_part(at, to, why); !done)
    return done;
  return refresh_image(at);
}

status catalog::put_image(const target& at) {
  auto insert = db_.prepare("INSERT INTO images (id, file_path, status, "
                            "created_at, updated_at) "
                            "VALUES ($1, $2, 'pending', $3, $3) "
                            "ON CONFLICT (id) DO UPDATE "
                            "SET file_path = CASE WHEN $4 = 1 "
                            "OR images.file_path = '' THEN excluded.file_path "
                            "ELSE images.file_path END, "
                            "real_path = NULL, real_upload_path = NULL "
                            "WHERE excluded.file_path <> '' "
                            "RETURNING CASE WHEN file_path <> upload_path "
                            "THEN 1 ELSE 0 END");
  if (!insert)
    return std::move(insert.error());
  auto row = insert
               ->bind(at.image_id, at.file_path, at.now, uint32_t{at.is_done})
               .step();
  if (!row)
    return std::move(row.error());
  auto is_other_file = *row && insert->integer(0) != 0;
  return is_other_file ? forget_bytes(db_, at.image_id) : ok;
}

status catalog::put_part(const target& at, work_status to,
                         const std::string& why) {
  auto upsert = db_.prepare(
    "INSERT INTO image_parts (image_id, part, status, error, "
    "job_id, job_timestamp, attempt, updated_at) "
    "VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7, $8) "
    "ON CONFLICT (image_id, part) DO UPDATE SET "
    "status = excluded.status, error = excluded.error, "
    "job_id = excluded.job_id, "
    "job_timestamp = excluded.job_timestamp, "
    "attempt = excluded.attempt, "
    "updated_at = excluded.updated_at");
  if (!upsert)
    return std::move(upsert.error());
  return upsert
    ->bind(at.image_id, to_string(at.part), to_string(to), why, at.stamp.job_id,
           at.stamp.job_timestamp, at.stamp.attempt, at.now)
    .run();
}

status catalog::refresh_image(const target& at) {
  per_part<work_status> parts{}; // a part without a row is pending
  std::string why;
  {
    auto query = db_.prepare("SELECT part, status, error FROM image_parts "
                             "WHERE image_id = $1 ORDER BY part");
    if (!query)
      return std::move(query.error());
    query->bind(at.image_id);
    auto take = [&]() -> status {
      auto now_is = to_work_status(query->text(1));
      auto part = read_part(query->text(0), at.image_id);
      if (!part)
        return std::move(part.error());
      parts[static_cast<size_t>(*part)] = now_is;
      if (now_is == work_status::failed && why.empty())
        why = query->text(2);
      return ok;
    };
    if (auto done = each_row(*query, take); !done)
      return done;
  }
  auto update = db_.prepare(
    "UPDATE images SET processed_at = CASE WHEN $1 = 'completed' "
    "AND status <> 'completed' THEN $3 ELSE processed_at END, "
    "status = $1, error = NULLIF($2, ''), updated_at = $3 "
    "WHERE id = $4");
  if (!update)
    return std::move(update.error());
  auto done
    = update->bind(to_string(derive_status(parts)), why, at.now, at.image_id)
        .run();
  return done ? app_.put_status(db_, at.image_id) : done;
}

} // namespace darkroom
