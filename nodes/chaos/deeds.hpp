/// Does the actions that a chaos run has planned, and undoes them.
#pragma once

#include "config/settings.hpp"
#include "nodes/chaos/cluster.hpp"
#include "nodes/chaos/plan.hpp"
#include "services/process/signal_process.hpp"
#include "services/redis/connection.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Not thread-safe. A frozen process continues when its time is up, on `undo`,
/// or when this object ends, however our process ends.
class chaos_deeds {
public:
  chaos_deeds(const settings& config, main_address main, uint32_t blast_radius);
  ~chaos_deeds();

  /// Does an action, unless the cluster cannot stand it now. Blocks for some
  /// seconds if a server does not answer.
  /// @returns why it was not done
  status act(const plan_step& step);

  /// Ends actions whose time is up, and checks who is back. Call it a few times
  /// per second.
  void tick();

  /// Ends everything now.
  void undo();

  /// Whether a worker or Redis is down.
  bool has_absent() const {
    return !absent_.empty();
  }

  /// Whether a worker is down that may still come back in time.
  bool waits_for_some() const;

  /// Workers that are not back after `patience`: what was done to each, and how
  /// long ago.
  std::vector<std::string> missing() const;

private:
  using steady = std::chrono::steady_clock;

  struct absence {
    plan_step step;
    steady::time_point since;
    steady::time_point until; ///< when the harm itself is over
    std::string boot_id;      ///< of the process that was harmed
    int64_t last_seen = 0;    ///< the earliest time when it could be back
    std::optional<frozen_process> frozen;
    bool pauses_redis = false;

    /// Time since the harm was over; below 0 while it lasts.
    std::chrono::milliseconds ago() const;
  };

  status allow(const plan_step& step, const cluster_sight& cluster) const;
  status allow_worker(const plan_step& step,
                      const cluster_sight& cluster) const;
  status act_on_actor(const plan_step& step);
  status act_on_worker(const plan_step& step, const worker_sight& worker);
  status act_on_redis(const plan_step& step);
  status stop_redis(const plan_step& step, absence& away);
  void end(absence& x);
  bool is_back(absence& x, const cluster_sight& cluster) const;

  const main_address main_;
  redis_connection redis_;
  uint32_t blast_radius_;
  std::map<std::string, absence> absent_; ///< by target
};

} // namespace darkroom
