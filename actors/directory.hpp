/// Where a node's actors find each other. Handles change with every restart, so
/// actors look them up here instead of keeping them.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>

#include <array>
#include <memory>
#include <mutex>

namespace darkroom {

/// The roles of a node, with one actor each.
enum class role : uint8_t {
  job_store_a,
  job_store_b,
  job_watcher,
  rate_limiter,
  dispatcher,
  event_publisher,
  event_tail,
  event_feed,
  catalog,
  notifier,
  redescriber,
  drift_watcher,
  historian,
  node_registry,
  processor_pool,
  uplink,
  lease_keeper,
  count_
};

/// The role's name as shown to people ("dispatcher").
const char* to_string(role which);

/// The current handle of each role. Thread-safe. Supervisors set a handle at
/// every start of an actor, and an UPLINK sets the remote dispatcher; all
/// others read.
class directory {
public:
  void set(role which, caf::strong_actor_ptr handle);

  /// The current handle; null if there is none or its actor has ended.
  /// @tparam Handle the role's interface
  template <class Handle>
  Handle find(role which) const {
    auto handle = find_any(which);
    return handle ? caf::actor_cast<Handle>(handle) : Handle{};
  }

  /// The same, untyped.
  caf::strong_actor_ptr find_any(role which) const;

private:
  mutable std::mutex mutex_;
  std::array<caf::strong_actor_ptr, static_cast<size_t>(role::count_)> handles_;
};

/// Shared by all actors of a node, which come and go.
using directory_ptr = std::shared_ptr<directory>;

} // namespace darkroom
