#include "actors/directory.hpp"

#include <caf/abstract_actor.hpp>

namespace darkroom {

const char* to_string(role which) {
  switch (which) {
    case role::job_store_a:
      return "job_store_a";
    case role::job_store_b:
      return "job_store_b";
    case role::job_watcher:
      return "job_watcher";
    case role::rate_limiter:
      return "rate_limiter";
    case role::dispatcher:
      return "dispatcher";
    case role::event_publisher:
      return "event_publisher";
    case role::event_tail:
      return "event_tail";
    case role::event_feed:
      return "event_feed";
    case role::catalog:
      return "catalog";
    case role::notifier:
      return "notifier";
    case role::redescriber:
      return "redescriber";
    case role::drift_watcher:
      return "drift_watcher";
    case role::historian:
      return "historian";
    case role::node_registry:
      return "node_registry";
    case role::processor_pool:
      return "processor_pool";
    case role::uplink:
      return "uplink";
    case role::lease_keeper:
      return "lease_keeper";
    case role::count_:
      break;
  }
  return "unknown";
}

void directory::set(role which, caf::strong_actor_ptr handle) {
  // The old handle is released outside the lock, because that may destroy an
  // actor.
  std::lock_guard guard{mutex_};
  handles_[static_cast<size_t>(which)].swap(handle);
}

caf::strong_actor_ptr directory::find_any(role which) const {
  std::lock_guard guard{mutex_};
  const auto& handle = handles_[static_cast<size_t>(which)];
  // CAF sets this flag before it sends DOWN, so whoever asks because of DOWN
  // does not get the dead actor.
  if (handle && handle->get()->getf(caf::abstract_actor::is_terminated_flag))
    return nullptr;
  return handle;
}

} // namespace darkroom
