/// Compares jobs with their images.
#pragma once

#include "services/fsck/drift_check.hpp"
#include "services/fsck/fsck_stores.hpp"

namespace darkroom {

/// Walks over the queue's jobs that have not ended and make a part of an image.
class job_check final : public drift_check {
public:
  /// @param stores must outlive the check and its suspects
  explicit job_check(fsck_stores& stores) : stores_(stores) {}

  result<bool> look(uint64_t most, const fsck_look& at, suspects& out) override;

  bool must_end_first() const override {
    return true;
  }

private:
  fsck_stores& stores_;
  census_cursor next_;
};

} // namespace darkroom
