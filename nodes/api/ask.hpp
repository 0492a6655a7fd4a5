/// Asks actors from a thread that is no actor, such as an HTTP handler.
#pragma once

#include "config/defaults.hpp"
#include "messages/interfaces.hpp"
#include "nodes/node_context.hpp"

#include <caf/scoped_actor.hpp>

#include <optional>
#include <utility>

namespace darkroom {

/// Asks an actor. Blocks for `actor_timeout` at most.
/// @returns its answer; nothing while it restarts or hangs
template <class T, class Handle, class... Ts>
std::optional<T>
try_ask(node_context& node, const Handle& actor, const Ts&... xs) {
  std::optional<T> out;
  if (!actor)
    return out;
  caf::scoped_actor self{node.system};
  self->request(actor, actor_timeout, xs...)
    .receive([&out](T& x) { out = std::move(x); }, [](const caf::error&) {});
  return out;
}

/// Asks an actor. @returns a default answer if there is none
template <class T, class Handle, class... Ts>
T ask(node_context& node, const Handle& actor, const Ts&... xs) {
  return try_ask<T>(node, actor, xs...).value_or(T{});
}

/// The actors of this process; empty while its supervisor does not answer.
inline child_list own_actors(node_context& node) {
  auto root = node.root.lock();
  return root ? ask<child_list>(node, caf::actor_cast<supervisor_actor>(root),
                                children_v)
              : child_list{};
}

} // namespace darkroom
