/// Questions to actors from threads that are none.
#pragma once

#include "config/defaults.hpp"
#include "nodes/node_context.hpp"

#include <caf/scoped_actor.hpp>

#include <utility>

namespace darkroom {

/// Asks an actor. Blocks for `actor_timeout` at most.
/// @returns its answer, or a default one where it is just being restarted
template <class T, class Handle, class... Ts>
T ask(node_context& node, const Handle& actor, const Ts&... xs) {
  T out{};
  if (!actor)
    return out;
  caf::scoped_actor self{node.system};
  self->request(actor, actor_timeout, xs...)
    .receive([&out](T& x) { out = std::move(x); }, [](const caf::error&) {});
  return out;
}

} // namespace darkroom
