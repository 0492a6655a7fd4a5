/// Renews the lease of the active main node, and reports when it is lost.
#pragma once

#include "messages/interfaces.hpp"
#include "services/redis/main_lease.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace darkroom {

struct lease_keeper_state {
  static inline const char* name = "lease_keeper";
  std::unique_ptr<main_lease> lease;
};

/// Called once, with the new holder as stored in Redis. It must stop this
/// node's writes at once.
using lease_lost = std::function<void(const std::string& holder)>;

/// While Redis is down, the lease is neither renewed nor lost: no other node
/// can take it, and nobody can write what it guards. Spawn it detached.
/// @param open gives the lease that this process holds
lease_keeper_actor::behavior_type
lease_keeper(lease_keeper_actor::stateful_pointer<lease_keeper_state> self,
             std::function<std::unique_ptr<main_lease>()> open,
             lease_lost on_lost);

} // namespace darkroom
