// The part of catalog that derives an image's status anew.
#include "services/catalog/catalog.hpp"

namespace darkroom {

status catalog::refresh(const std::string& image_id, int64_t now) {
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  {
    // Locks the image, so that no job writes a part between the two statements.
    auto lock = db_.prepare("UPDATE images SET updated_at = updated_at "
                            "WHERE id = $1");
    if (!lock)
      return std::move(lock.error());
    if (auto done = lock->bind(image_id).run(); !done)
      return done;
  }
  const attempt_stamp nobody;
  const std::string unchanged;
  if (auto done = refresh_image({nobody, image_id, unchanged, {}, now}); !done)
    return done;
  return step->commit();
}

} // namespace darkroom
