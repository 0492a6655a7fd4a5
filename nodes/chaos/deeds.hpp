/// Does what a chaos run has planned, and undoes it.
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

/// Not thread-safe. What is frozen goes on at the end of its time, by `undo`,
/// and at the end of this object, however the process ends.
class chaos_deeds {
public:
  chaos_deeds(const settings& config, std::string url, uint32_t blast_radius);
  ~chaos_deeds();

  /// Does it, unless the cluster does not bear it now. Blocks for some seconds
  /// at most, where a server does not answer.
  /// @returns why it was not done
  status act(const plan_step& step);

  /// Ends what has had its time, and sees who is back. To be called a few
  /// times a second.
  void tick();

  /// Ends everything now.
  void undo();

  /// Whether a worker or Redis is away.
  bool has_absent() const {
    return !absent_.empty();
  }

  /// Workers that are not back though they had `patience`: what was done to
  /// each, and how long ago.
  std::vector<std::string> missing() const;

private:
  using steady = std::chrono::steady_clock;

  struct absence {
    plan_step step;
    steady::time_point since;
    steady::time_point until; ///< the harm itself is over then
    std::string boot_id;      ///< of the process that was harmed
    int64_t last_seen = 0;    ///< when it could be back at the earliest
    std::optional<frozen_process> frozen;
    bool pauses_redis = false;
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

  std::string url_;
  redis_settings redis_settings_;
  redis_connection redis_;
  uint32_t blast_radius_;
  std::map<std::string, absence> absent_; ///< by target
};

} // namespace darkroom
