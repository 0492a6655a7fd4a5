#include "services/catalog/image_book.hpp"

#include "services/catalog/schema.hpp"

#include <utility>

namespace darkroom {

namespace {

constexpr int64_t key_life_ms = 24 * 3600 * 1000;

/// Keys that are kept, each with about 400 bytes: the oldest go first.
constexpr int64_t max_keys = 100000;

/// Writers that add the same bytes at once: the second finds the first's row.
constexpr int max_tries = 5;

/// What became of one statement. @returns whether it gave a row
result<bool> first_row(result<statement>& query) {
  if (!query)
    return query.error();
  return query->step();
}

} // namespace

result<image_book> image_book::open(const catalog_settings& cfg) {
  auto db = database::open(cfg, access::read_write, migrate);
  if (!db)
    return std::move(db.error());
  return image_book(std::move(*db));
}

result<upload_outcome> image_book::add(const upload_batch& batch, int64_t now,
                                       const publisher& publish,
                                       const answerer& answer) {
  for (auto tries = 0; tries < max_tries; ++tries) {
    auto done = try_add(batch, now, publish, answer);
    if (!done)
      return std::move(done.error());
    if (*done)
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
  if (!batch.key.empty()) {
    auto kept = answer(out.known);
    auto update = db_.prepare("UPDATE upload_keys SET status = $1, answer = $2 "
                              "WHERE upload_key = $3");
    if (!update)
      return std::move(update.error());
    if (auto done = update->bind(kept.status, kept.body, batch.key).run();
        !done)
      return std::move(done.error());
  }
  if (auto done = publish(out.known); !done)
    return std::move(done.error());
  if (auto done = step->commit(); !done)
    return std::move(done.error());
  return std::optional{std::move(out)};
}

result<bool> image_book::take_key(const upload_batch& batch, int64_t now,
                                  upload_outcome& out) {
  auto forget = db_.prepare(
    "DELETE FROM upload_keys WHERE created_at <= $1 OR created_at <= "
    "(SELECT created_at FROM upload_keys ORDER BY created_at DESC "
    "LIMIT 1 OFFSET $2)");
  if (!forget)
    return std::move(forget.error());
  if (auto done = forget->bind(now - key_life_ms, max_keys).run(); !done)
    return std::move(done.error());
  {
    // Waits for another upload under the same key, and then sees its answer.
    auto insert = db_.prepare(
      "INSERT INTO upload_keys (upload_key, sha256, status, answer, created_at)"
      " VALUES ($1, $2, 0, '', $3) ON CONFLICT (upload_key) DO NOTHING "
      "RETURNING created_at");
    if (insert)
      insert->bind(batch.key, batch.sha256, now);
    auto is_new = first_row(insert);
    if (!is_new || *is_new)
      return is_new;
  }
  auto query = db_.prepare("SELECT sha256, status, answer FROM upload_keys "
                           "WHERE upload_key = $1");
  if (query)
    query->bind(batch.key);
  auto found = first_row(query);
  if (!found)
    return found;
  if (!*found)
    return fail(ec::catalog_unavailable,
                "an upload under this Idempotency-Key was forgotten just now: "
                "try again");
  out.is_replay = true;
  out.is_other_body = query->text(0) != batch.sha256;
  out.answer = {query->integer(1), std::string{query->text(2)}};
  return false;
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
    auto out = db_.prepare("INSERT INTO job_outbox (job_id, image_id, name, "
                           "data, created_at) VALUES ($1, $2, $3, $4, $5)");
    if (!out)
      return std::move(out.error());
    if (auto done = out->bind(x.id, image.id, x.name, x.data, now).run(); !done)
      return std::move(done.error());
  }
  return true;
}

} // namespace darkroom
