/// What a running node does when its settings change (HUP).
#pragma once

#include "messages/error.hpp"
#include "nodes/node_context.hpp"

namespace darkroom {

/// Lets the node's limits change: makes `node.limits` of its settings, and has
/// `node.queue` follow them. Call it before anybody copies `node.queue`.
void follow_limits(node_context& node);

/// Loads the settings again and takes over what may change while the node runs:
/// limits and budgets, `[worker] concurrency`, the log's level, providers, and
/// `[http] hosts`. Logs what changed, and what needs a restart. If the new
/// settings are wrong, the old ones stay. Call it in the main thread.
void reload(node_context& node);

/// Logs why settings were not taken over.
void tell_not_reloaded(const error& why);

} // namespace darkroom
