/// What a chaos run knows about the cluster. The main node tells it.
#pragma once

#include "messages/result.hpp"
#include "nodes/chaos/plan.hpp"
#include "nodes/main_api.hpp"
#include "services/process/process_identity.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A worker node at this moment.
struct worker_sight {
  std::string name;
  std::string boot_id;
  int64_t last_seen = 0; ///< ms, by the main node's clock
  bool allows_chaos = false;
  process_identity process; ///< empty if chaos is not allowed
};

/// The cluster at this moment.
struct cluster_sight {
  std::string main;                     ///< boot id of the main node's process
  std::vector<std::string> main_actors; ///< that may be killed
  std::vector<worker_sight> workers;
  /// Of each node that runs jobs, including the main node.
  std::vector<std::vector<std::string>> job_types;

  /// Whether all nodes run jobs of this type.
  bool runs(const std::string& job_type) const;

  /// The worker with this name; null if it does not exist.
  const worker_sight* find(const std::string& name) const;
};

/// Asks the main node. Blocks for at most 2 s.
/// @returns ec::conflict if it does not allow chaos, other errors if it does
///   not answer
result<cluster_sight> look_at_cluster(const main_address& main);

/// The targets that may be harmed.
chaos_fleet fleet_of(const cluster_sight& cluster);

/// How often somebody asked a main node to stop all chaos.
struct stop_count {
  std::string main; ///< boot id of its process, which counts from 0
  uint64_t count = 0;
};
result<stop_count> look_at_stops(const main_address& main);

} // namespace darkroom
