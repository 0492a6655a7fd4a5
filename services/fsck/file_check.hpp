/// Compares files with the images' rows.
#pragma once

#include "services/fsck/drift_check.hpp"
#include "services/fsck/fsck_stores.hpp"
#include "services/fsck/path_owners.hpp"
#include "services/storage/file_walk.hpp"

#include <memory>

namespace darkroom {

/// Walks over the files whose names Darkroom makes: originals of uploads and
/// all variants. Leaves others alone, for a web tier may have put them there,
/// and those of uploads under way, which the `upload_sweeper` removes.
class file_check final : public drift_check {
public:
  /// @param stores must outlive the check and its suspects
  explicit file_check(fsck_stores& stores)
    : stores_(stores),
      owners_(std::make_shared<path_owners>(stores)) {}

  result<bool> look(uint64_t most, const fsck_look& at, suspects& out) override;
  void rest() override;

private:
  fsck_stores& stores_;
  std::unique_ptr<file_walk> walk_; ///< null before the first look
  /// Shared with the suspects.
  std::shared_ptr<path_owners> owners_;
};

} // namespace darkroom
