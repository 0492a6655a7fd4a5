/// Finds jobs of uploads that were never added.
#pragma once

#include "services/fsck/drift_check.hpp"
#include "services/fsck/fsck_stores.hpp"

namespace darkroom {

/// Looks at the whole outbox each time, as it is nearly always empty.
class outbox_check final : public drift_check {
public:
  /// @param stores must outlive the check and its suspects
  explicit outbox_check(fsck_stores& stores) : stores_(stores) {}

  result<bool> look(uint64_t most, const fsck_look& at, suspects& out) override;

private:
  fsck_stores& stores_;
};

} // namespace darkroom
