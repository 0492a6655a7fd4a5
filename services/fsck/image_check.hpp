/// Compares images with their jobs and files.
#pragma once

#include "services/fsck/drift_check.hpp"
#include "services/fsck/fsck_stores.hpp"

#include <string>

namespace darkroom {

/// Walks over the images in the order of their ids. Also finds rows and vectors
/// whose image does not exist.
class image_check final : public drift_check {
public:
  /// @param stores must outlive the check and its suspects
  explicit image_check(fsck_stores& stores) : stores_(stores) {}

  result<bool> look(uint64_t most, const fsck_look& at, suspects& out) override;

private:
  fsck_stores& stores_;
  std::string last_; ///< the image that was looked at last
};

} // namespace darkroom
