// The part of image_book that keeps Idempotency-Keys.
#include "services/catalog/image_book.hpp"

#include <utility>

namespace darkroom {

namespace {

constexpr int64_t key_life_ms = 86400000; // a day

/// Keys that are kept, of about 400 bytes each; the oldest are deleted first.
constexpr int64_t max_keys = 100000;

} // namespace

result<bool> image_book::take_key(const upload_batch& batch, int64_t now,
                                  upload_outcome& out) {
  if (auto done = forget_old_keys(batch, now); !done)
    return std::move(done.error());
  {
    // Waits for another upload with the same key, and then sees its answer.
    auto insert = db_.prepare(
      "INSERT INTO upload_keys (upload_key, sha256, status, answer, created_at)"
      " VALUES ($1, $2, 0, '', $3) ON CONFLICT (upload_key) DO NOTHING "
      "RETURNING created_at");
    if (!insert)
      return std::move(insert.error());
    auto is_new = insert->bind(batch.key, batch.sha256, now).step();
    if (!is_new || *is_new)
      return is_new;
  }
  auto query = db_.prepare("SELECT sha256, status, answer FROM upload_keys "
                           "WHERE upload_key = $1");
  if (!query)
    return std::move(query.error());
  auto found = query->bind(batch.key).step();
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

status image_book::forget_old_keys(const upload_batch& batch, int64_t now) {
  auto forget = db_.prepare(
    "DELETE FROM upload_keys WHERE created_at <= $1 OR created_at <= "
    "(SELECT created_at FROM upload_keys ORDER BY created_at DESC "
    "LIMIT 1 OFFSET $2)");
  if (!forget)
    return std::move(forget.error());
  if (auto done = forget->bind(now - key_life_ms, max_keys).run(); !done)
    return done;
  // The image may have been deleted at the moment when the key was written.
  auto forget_void = db_.prepare(
    "DELETE FROM upload_keys WHERE upload_key = $1 AND EXISTS "
    "(SELECT 1 FROM upload_key_images AS k WHERE k.upload_key = $1 AND "
    "NOT EXISTS (SELECT 1 FROM images AS i WHERE i.id = k.image_id))");
  if (!forget_void)
    return std::move(forget_void.error());
  return forget_void->bind(batch.key).run();
}

status image_book::keep_answer(const upload_batch& batch,
                               const upload_outcome& out,
                               const kept_answer& answer) {
  auto update = db_.prepare("UPDATE upload_keys SET status = $1, answer = $2 "
                            "WHERE upload_key = $3");
  if (!update)
    return std::move(update.error());
  if (auto done = update->bind(answer.status, answer.body, batch.key).run();
      !done)
    return done;
  for (size_t i = 0; i < batch.images.size(); ++i) {
    auto name = db_.prepare(
      "INSERT INTO upload_key_images (upload_key, image_id) VALUES ($1, $2) "
      "ON CONFLICT (upload_key, image_id) DO NOTHING");
    if (!name)
      return std::move(name.error());
    const auto& id = out.known[i] ? out.known[i]->id : batch.images[i].id;
    if (auto done = name->bind(batch.key, id).run(); !done)
      return done;
  }
  return ok;
}

status image_book::forget_keys_of(const std::string& image_id) {
  auto forget = db_.prepare(
    "DELETE FROM upload_keys WHERE upload_key IN "
    "(SELECT upload_key FROM upload_key_images WHERE image_id = $1)");
  if (!forget)
    return std::move(forget.error());
  return forget->bind(image_id).run();
}

} // namespace darkroom
