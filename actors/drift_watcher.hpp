/// Tells the admins when catalog, queue and files contradict each other.
#pragma once

#include "actors/directory.hpp"
#include "messages/interfaces.hpp"
#include "messages/result.hpp"
#include "services/fsck/drift.hpp"
#include "services/metrics/metrics.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <functional>

namespace darkroom {

/// A look at a sample; see `reconciler::sample`.
using drift_look = std::function<result<drift_report>()>;

/// Sets the gauge `darkroom_drift` of each class after each look, and tells the
/// log and the NOTIFIER once when a class was found or is gone, and each time
/// when it was repaired.
class drift_watcher_state {
public:
  static inline const char* name = "drift_watcher";

  explicit drift_watcher_state(drift_watcher_actor::pointer self)
    : self_(self) {}

  void init(directory_ptr peers, std::chrono::milliseconds every,
            drift_look look, metrics_ptr counted);

  void look();

private:
  void compare(drift_class which, const drift_count& now);
  void tell(drift_class which, const char* state, uint64_t count,
            const drift_count& now);

  drift_watcher_actor::pointer self_;
  directory_ptr peers_;
  std::chrono::milliseconds every_{0};
  drift_look look_;
  metrics_ptr counted_;
  per_drift<bool> is_known_{}; ///< classes that were found and are not gone
};

/// Looks whenever `every` has passed since it started or looked. Spawn it
/// detached: a look blocks on Redis, the catalog and the uploads folder.
/// @param look its errors are logged, and the next look tries again
drift_watcher_actor::behavior_type
drift_watcher(drift_watcher_actor::stateful_pointer<drift_watcher_state> self,
              directory_ptr peers, std::chrono::milliseconds every,
              drift_look look, metrics_ptr counted);

} // namespace darkroom
