/// Questions to actors from threads that are none.
#pragma once

#include "config/defaults.hpp"
#include "nodes/node_context.hpp"

#include <caf/scoped_actor.hpp>

#include <optional>
#include <utility>

namespace darkroom {

/// Asks an actor. Blocks for `actor_timeout` at most.
/// @returns its answer; none where it is just being restarted, or hangs
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

/// The same, with a default answer in place of none.
template <class T, class Handle, class... Ts>
T ask(node_context& node, const Handle& actor, const Ts&... xs) {
  return try_ask<T>(node, actor, xs...).value_or(T{});
}

} // namespace darkroom
