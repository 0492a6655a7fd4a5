/// What the checks of `reconciler` have in common.
#pragma once

#include "messages/result.hpp"
#include "services/fsck/drift.hpp"
#include "services/fsck/unfinished_index.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// What one look knows. Lives as long as the look.
struct fsck_look {
  const unfinished_index& jobs;    ///< read after `now`
  int64_t now = 0;                 ///< when the look began, ms since the epoch
  std::chrono::milliseconds grace; ///< what changed within it is healthy
  const per_drift<bool>& wanted;   ///< classes that are looked for
  uint64_t number = 0;             ///< different for each look of a reconciler

  bool is_wanted(drift_class which) const {
    return wanted[static_cast<size_t>(which)];
  }

  /// Whether something changed too lately to be judged.
  bool is_fresh(int64_t changed_at) const {
    return changed_at > now - grace.count();
  }
};

/// Something that looked wrong. It is wrong if a later look finds the same:
/// that look reads the queue first and the catalog after it, so that a job that
/// ended in between has left its mark.
struct suspect {
  drift_class which{};
  std::string subject; ///< id of the image or job, or name of the file
  std::string what;    ///< what is wrong, for people
  /// What was read of it, so that any change in between clears it.
  std::string evidence;
  /// Looks again. @returns nothing if all is well
  std::function<result<std::optional<suspect>>(const fsck_look&)> again;
  /// Mends it; only after a look. May be repeated.
  std::function<status()> mend;
};

using suspects = std::vector<suspect>;

/// Compares one kind of thing. Not thread-safe.
class drift_check {
public:
  virtual ~drift_check() = default;

  /// Looks at the next things, at most `most`, and adds those that look wrong.
  /// @returns whether the walk has come to its end; then it begins anew
  virtual result<bool> look(uint64_t most, const fsck_look& at, suspects& out)
    = 0;

  /// The next look comes much later: keeps nothing open until then.
  virtual void rest() {}

  /// Whether repairs would make the walk skip things.
  virtual bool must_end_first() const {
    return false;
  }

  /// How many things were looked at so far.
  uint64_t seen() const {
    return seen_;
  }

protected:
  uint64_t seen_ = 0;
};

} // namespace darkroom
