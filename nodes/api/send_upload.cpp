/// Sends what was uploaded over HTTP to a storage that cannot rename.
#include "config/clock.hpp"
#include "nodes/api/image_routes.hpp"

namespace darkroom {

/// The files are noted first, so that those of an upload that dies are found.
status image_routes::send(const upload_batch& batch,
                          const upload_pictures& pictures) {
  auto noted = [&] {
    std::lock_guard guard{book_mutex_};
    return book_.note_files(batch, wall_clock_ms());
  }();
  if (!noted)
    return noted;
  for (size_t i = 0; i < batch.images.size(); ++i)
    if (auto done = publish_one(batch, pictures, i); !done)
      return done;
  return ok;
}

status image_routes::publish_one(const upload_batch& batch,
                                 const upload_pictures& pictures,
                                 size_t i) const {
  return storage_->publish(
    {pictures.all()[i].staged, batch.images[i].file_path});
}

} // namespace darkroom
