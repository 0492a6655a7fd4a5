#include "services/catalog/image_book.hpp"

#include "services/catalog/schema.hpp"

#include <utility>

namespace darkroom {

namespace {

/// For writers that add the same bytes at once: the second try finds the row.
constexpr int max_tries = 5;

/// Runs one statement. @returns whether it gave a row
result<bool> first_row(result<statement>& query) {
  if (!query)
    return query.error();
  return query->step();
}

} // namespace

result<image_book> image_book::open(const catalog_settings& cfg,
                                    std::string queue) {
  auto db = database::open(cfg, access::read_write, migrate);
  if (!db)
    return std::move(db.error());
  app_mirror app{cfg};
  if (auto fits = app.check(*db); !fits)
    return std::move(fits.error());
  return image_book(std::move(*db), std::move(app), std::move(queue));
}

result<upload_outcome> image_book::add(const upload_batch& batch, int64_t now,
                                       const publisher& publish,
                                       const answerer& answer) {
  if (auto done = note_files(batch, now); !done)
    return std::move(done.error());
  for (auto tries = 0; tries < max_tries; ++tries) {
    auto done = try_add(batch, now, publish, answer);
    if (!done)
      return std::move(done.error());
    if (!*done)
      continue;
    if ((*done)->is_replay)
      if (auto forgotten = forget_files(batch); !forgotten)
        return std::move(forgotten.error());
    return std::move(**done);
  }
  return fail(ec::catalog_unavailable,
              "other uploads of the same bytes come and go: try again");
}

result<std::optional<upload_outcome>>
image_book::try_add(const upload_batch& batch, int64_t now,
                    const publisher& publish, const answerer& answer) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  upload_outcome out;
  out.created_at = now;
  if (!batch.key.empty()) {
    auto is_free = take_key(batch, now, out);
    if (!is_free)
      return std::move(is_free.error());
    if (!*is_free)
      return std::optional{std::move(out)};
  }
  for (const auto& x : batch.images) {
    std::optional<known_image> known;
    if (!x.may_repeat) {
      auto found = find_bytes(x.sha256);
      if (!found)
        return std::move(found.error());
      known = std::move(*found);
    }
    if (!known) {
      auto is_first = put(x, now);
      if (!is_first)
        return std::move(is_first.error());
      if (!*is_first)
        return std::optional<upload_outcome>{};
    }
    out.known.push_back(std::move(known));
  }
  if (!batch.key.empty())
    if (auto done = keep_answer(batch, out, answer(out.known)); !done)
      return std::move(done.error());
  // Waits for a sweep that is under way; then this transaction owns the files.
  if (auto done = forget_files(batch); !done)
    return std::move(done.error());
  if (auto done = publish(out.known); !done)
    return std::move(done.error());
  if (auto done = step->commit(); !done)
    return std::move(done.error());
  return std::optional{std::move(out)};
}

result<std::optional<known_image>>
image_book::find_bytes(const std::string& sha256) {
  auto query = db_.prepare(
    "SELECT i.id, i.file_path, i.original_name, i.status FROM image_bytes AS b "
    "JOIN images AS i ON i.id = b.image_id WHERE b.sha256 = $1");
  if (query)
    query->bind(sha256);
  auto found = first_row(query);
  if (!found)
    return std::move(found.error());
  if (!*found)
    return std::optional<known_image>{};
  auto text = [&query](int column) {
    return std::string{query->text(column)};
  };
  return std::optional{known_image{text(0), text(1), text(2), text(3)}};
}

result<bool> image_book::put(const new_image& image, int64_t now) {
  auto insert = db_.prepare(
    "INSERT INTO images (id, file_path, upload_path, status, created_at, "
    "updated_at, original_name) "
    "VALUES ($1, $2, $2, 'pending', $3, $3, NULLIF($4, ''))");
  if (!insert)
    return std::move(insert.error());
  if (auto done
      = insert->bind(image.id, image.file_path, now, image.original_name).run();
      !done)
    return std::move(done.error());
  if (auto done = app_.add_image(db_, image.id); !done)
    return std::move(done.error());
  {
    auto mark = db_.prepare(
      "INSERT INTO image_bytes (sha256, image_id) VALUES ($1, $2) "
      "ON CONFLICT (sha256) DO NOTHING RETURNING sha256");
    if (mark)
      mark->bind(image.sha256, image.id);
    auto is_first = first_row(mark);
    if (!is_first || (!*is_first && !image.may_repeat))
      return is_first;
  }
  for (const auto& x : image.jobs) {
    auto out = db_.prepare(
      "INSERT INTO job_outbox (job_id, image_id, name, data, created_at, "
      "queue) VALUES ($1, $2, $3, $4, $5, $6)");
    if (!out)
      return std::move(out.error());
    if (auto done
        = out->bind(x.id, image.id, x.name, x.data, now, queue_).run();
        !done)
      return std::move(done.error());
  }
  return true;
}

} // namespace darkroom
