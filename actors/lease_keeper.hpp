/// Renews the lease of the active main node, and tells when it is lost.
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

/// Called once, with the new holder as it is stored. It must end this node's
/// writing at once.
using lease_lost = std::function<void(const std::string& holder)>;

/// While Redis is away the lease is neither renewed nor lost: nobody else can
/// take it, and nothing can be written that it guards. Spawn it detached.
/// @param open  gives the lease, which this process holds
lease_keeper_actor::behavior_type
lease_keeper(lease_keeper_actor::stateful_pointer<lease_keeper_state> self,
             std::function<std::unique_ptr<main_lease>()> open,
             lease_lost on_lost);

} // namespace darkroom
