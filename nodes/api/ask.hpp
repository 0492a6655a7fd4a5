/// Asks actors from an ordinary thread, such as an HTTP handler's.
#pragma once

#include "config/defaults.hpp"
#include "messages/interfaces.hpp"
#include "nodes/node_context.hpp"

#include <caf/scoped_actor.hpp>

#include <optional>
#include <utility>

namespace darkroom {

/// Asks an actor. Blocks for at most `actor_timeout`.
/// @returns its answer; nothing if it restarts or hangs
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

/// Asks an actor. @returns a default answer if it does not answer
template <class T, class Handle, class... Ts>
T ask(node_context& node, const Handle& actor, const Ts&... xs) {
  return try_ask<T>(node, actor, xs...).value_or(T{});
}

/// The dispatcher of this process; null while there is none.
inline dispatcher_actor dispatcher_of(node_context& node) {
  return node.peers->find<dispatcher_actor>(role::dispatcher);
}

/// The actors of this process; empty while its supervisor does not answer.
inline child_list own_actors(node_context& node) {
  auto root = node.root.lock();
  return root ? ask<child_list>(node, caf::actor_cast<supervisor_actor>(root),
                                children_v)
              : child_list{};
}

} // namespace darkroom
