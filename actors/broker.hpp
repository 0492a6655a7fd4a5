/// The actor that opens a node's connections: CAF's middleman, or one with TLS.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>

#include <functional>

namespace darkroom {

/// Gives the actor that listens and connects for an actor system.
using broker_of = std::function<caf::io::middleman_actor(caf::actor_system&)>;

/// Connections without TLS.
inline caf::io::middleman_actor plain_broker(caf::actor_system& system) {
  return system.middleman().actor_handle();
}

} // namespace darkroom
