/// Who opens a node's connections: CAF's middleman, or one that speaks TLS.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>

#include <functional>

namespace darkroom {

/// The actor that a system's nodes ask to listen and to connect.
using broker_of = std::function<caf::io::middleman_actor(caf::actor_system&)>;

/// Connections without TLS.
inline caf::io::middleman_actor plain_broker(caf::actor_system& system) {
  return system.middleman().actor_handle();
}

} // namespace darkroom
