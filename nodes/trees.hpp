/// The supervised actors of each kind of node, in their start order.
#pragma once

#include "actors/supervisor.hpp"
#include "nodes/node_context.hpp"
#include "services/net/probe.hpp"
#include "services/redis/main_lease.hpp"

#include <vector>

namespace darkroom {

/// A child that is registered under its role when it starts.
/// @param spawn takes the node and gives the child's handle
template <class Spawn>
child_spec child_of(node_context& node, role which, Spawn spawn) {
  return {to_string(which), [&node, which, spawn] {
            auto handle = caf::actor_cast<caf::strong_actor_ptr>(spawn(node));
            node.peers->set(which, handle);
            return handle;
          }};
}

/// The control plane: stores, watcher, limiter, dispatcher, events, catalog.
std::vector<child_spec> main_children(node_context& node);

/// Keeps the lease of the active main node. The process restarts if it loses
/// it.
child_spec lease_child(node_context& node, const lease_holder& self);

/// The registry of worker nodes; publishes itself on the cluster port.
child_spec registry_child(node_context& node);

/// A pool of processors that finds its dispatcher in the directory.
child_spec pool_child(node_context& node);

/// The connection of a worker node to its main node.
/// @param mains tries them in turn
child_spec uplink_child(node_context& node, std::vector<endpoint> mains);

} // namespace darkroom
