/// Collects what `darkroom top` shows: the queue from Redis, nodes and rates
/// from a main node.
#pragma once

#include "config/settings.hpp"
#include "nodes/main_api.hpp"
#include "services/http_client/http_client.hpp"
#include "services/redis/queue_admin.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <map>
#include <string>

namespace darkroom {

/// What is looked at beside the queue's figures.
struct top_wish {
  std::string state;  ///< jobs of this state are listed; empty: none
  std::string job_id; ///< this job is shown; empty: none
};

/// Not thread-safe: one connection.
class top_source {
public:
  top_source(const settings& config, main_nodes mains);

  /// Blocks for up to the time limits of Redis and a second for the main node.
  /// @returns {at, queue, counts, paused, oldestWaitingMs, withoutNode, main,
  ///   nodes, slots, running, rates, jobs, job, troubles}. What could not be
  ///   asked is null, and `troubles` says why.
  nlohmann::json look(const top_wish& wish);

private:
  /// How many runs had ended in each way so far.
  using totals = std::map<std::string, double>;
  using clock = std::chrono::steady_clock;

  void look_at_queue(nlohmann::json& out);
  void look_at_jobs(const top_wish& wish, nlohmann::json& out);
  void look_at_main(nlohmann::json& out);
  nlohmann::json rates_from(const totals& now);

  settings config_;
  main_nodes mains_; ///< the active one is followed
  job_queue queue_;
  queue_admin admin_;
  http_client client_;
  totals before_;           ///< at the last look; empty before the first
  clock::time_point taken_; ///< when that was
};

/// The runs by how they ended, of the text of `/metrics`.
std::map<std::string, double> outcomes_in(const std::string& metrics_text);

} // namespace darkroom
