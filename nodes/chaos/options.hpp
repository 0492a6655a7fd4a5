/// The options of a chaos run, given by flags or by the page.
#pragma once

#include "messages/result.hpp"
#include "nodes/chaos/plan.hpp"
#include "nodes/main_api.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace darkroom {

struct chaos_options {
  main_address main;
  plan_options plan;
  uint64_t jobs = 0;   ///< to add while it runs
  std::string picture; ///< below the uploads folder; empty: `sleep` jobs
  /// Longest wait for jobs and workers after the last action.
  std::chrono::milliseconds settle{60000};
};

/// The options as people write them, with the defaults.
struct chaos_request {
  /// Long enough for every kind of action to meet every node of a small
  /// cluster.
  std::string duration = "60s";
  /// A node is back within a second, so actions do not pile up.
  std::string every = "1s";
  /// Longer than [cluster] node_timeout, so that the jobs of a missing node
  /// move.
  std::string away = "4s";
  /// Twice as long as the longest usual job may take.
  std::string settle = "60s";
  /// Every node survives this at any time. Other actions must be named.
  std::string actions = "kill-actor";
  uint64_t seed = 0; ///< 0 = a random one
  uint64_t jobs = 0; ///< 0 = ten per second
  uint32_t blast_radius = 1;
  std::string picture;
};

/// A single action, as people write it.
struct chaos_step_request {
  std::string action;
  std::string node;        ///< a worker; unused for actions on Redis
  std::string actor;       ///< of the worker or of "main", for kill-actor
  std::string away = "5s"; ///< longer than [cluster] node_timeout
};

/// @returns ec::bad_config naming what is wrong
result<plan_step> read_chaos_step(const chaos_step_request& asked);

/// @returns ec::bad_config naming the flag, its value and what is allowed
result<chaos_options> read_chaos_request(const chaos_request& asked,
                                         main_address main);

} // namespace darkroom
