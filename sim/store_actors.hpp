/// Replace a main node's detached actors. The simulated Redis and catalog give
/// the same answers after a random time; meanwhile the actors take no other
/// message, like a blocked thread.
#pragma once

#include "messages/interfaces.hpp"
#include "sim/redis_server.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>

namespace darkroom::sim {

/// A process's access to Redis. `redis` must outlive it.
struct redis_client {
  stage& on;
  redis_server& redis;
  host_ptr home;
  uint64_t fence;
};

job_store_actor::behavior_type sim_job_store(job_store_actor::pointer self,
                                             redis_client client);

job_watcher_actor::behavior_type
sim_job_watcher(job_watcher_actor::pointer self, redis_client client,
                marker_wait_ptr wait);

/// @param on_lost is called if another process holds the lease
lease_keeper_actor::behavior_type
sim_lease_keeper(lease_keeper_actor::pointer self, redis_client client,
                 std::string holder, milliseconds duration,
                 std::function<void()> on_lost);

/// The newest stamp of each image. All main nodes share one catalog, and all
/// jobs of images are for one part.
using catalog_rows = std::map<std::string, attempt_stamp>;

catalog_actor::behavior_type sim_catalog(catalog_actor::pointer self,
                                         redis_client client,
                                         std::shared_ptr<catalog_rows> rows);

event_publisher_actor::behavior_type sim_event_publisher();

notifier_actor::behavior_type sim_notifier();

} // namespace darkroom::sim
