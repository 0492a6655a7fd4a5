/// CAF's settings for every kind of node.
#pragma once

#include "config/settings.hpp"

#include <caf/actor_system_config.hpp>

namespace darkroom {

class actor_config : public caf::actor_system_config {
public:
  /// @param is_networked loads CAF's middleman, for nodes that talk to other
  ///   nodes
  actor_config(const cluster_settings& cluster, bool is_networked);
};

} // namespace darkroom
