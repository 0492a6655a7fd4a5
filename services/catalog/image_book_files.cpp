// The part of image_book that finds the files of uploads that died.
#include "services/catalog/each_row.hpp"
#include "services/catalog/image_book.hpp"

#include <utility>

namespace darkroom {

status image_book::note_files(const upload_batch& batch, int64_t now) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  for (const auto& x : batch.images) {
    auto note = db_.prepare(
      "INSERT INTO upload_files (image_id, file_path, created_at) "
      "VALUES ($1, $2, $3) ON CONFLICT (image_id) DO NOTHING");
    if (!note)
      return std::move(note.error());
    if (auto done = note->bind(x.id, x.file_path, now).run(); !done)
      return done;
  }
  return step->commit();
}

status image_book::forget_files(const upload_batch& batch) {
  for (const auto& x : batch.images) {
    auto forget = db_.prepare("DELETE FROM upload_files WHERE image_id = $1");
    if (!forget)
      return std::move(forget.error());
    if (auto done = forget->bind(x.id).run(); !done)
      return done;
  }
  return ok;
}

status image_book::sweep_files(
  int64_t until, const std::function<status(const std::string& path)>& remove) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  // An upload locks the rows of its files until it has ended.
  auto forget = db_.prepare(
    "DELETE FROM upload_files WHERE created_at <= $1 RETURNING file_path");
  if (!forget)
    return std::move(forget.error());
  forget->bind(until);
  std::vector<std::string> paths;
  auto take = [&] {
    paths.emplace_back(forget->text(0));
  };
  if (auto done = each_row(*forget, take); !done)
    return done;
  for (const auto& x : paths)
    if (auto done = remove(x); !done)
      return done;
  return step->commit();
}

} // namespace darkroom
