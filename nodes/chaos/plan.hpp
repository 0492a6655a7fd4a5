/// What `darkroom chaos` does and when. A seed decides it before the run
/// begins.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// What can be done to a cluster.
enum class harm : uint8_t {
  kill_actor,    ///< any actor of a node that allows chaos
  kill_worker,   ///< SIGKILL
  freeze_worker, ///< SIGSTOP, and SIGCONT after a time
  cut_worker,    ///< its connection to the main node, for a time
  kill_clients,  ///< all connections to Redis but ours
  stop_redis,    ///< frozen, or its writes paused, for a time
};

/// The name in `--actions` and in answers ("kill-actor").
const char* to_string(harm x);

/// Reads "kill-actor,cut-worker". @returns each once, in the order of `harm`;
/// ec::bad_config naming the unknown action, and the known ones
result<std::vector<harm>> parse_harms(std::string_view text);

/// Whether the action needs the worker's process itself.
bool is_signal(harm x);

/// Whether the action hits Redis, and not a node.
bool is_on_redis(harm x);

/// Whether the action makes its target unavailable, which a blast radius
/// counts.
bool takes_away(harm x);

/// Whether the action ends by itself after a time.
bool takes_time(harm x);

/// A worker node that allows chaos.
struct chaos_worker {
  std::string name;
  std::vector<std::string> actors; ///< those that may be killed
  bool is_reachable = false;       ///< we can signal its process
};

/// The targets that may be harmed.
struct chaos_fleet {
  std::vector<std::string> main_actors; ///< of the active main node
  std::vector<chaos_worker> workers;
  uint32_t bystanders = 0; ///< workers that run jobs and do not allow chaos
};

struct plan_options {
  uint64_t seed = 0;
  std::chrono::milliseconds duration{60000};
  std::chrono::milliseconds every{1000};
  std::chrono::milliseconds away{4000}; ///< of a freeze, cut or stop
  std::vector<harm> harms;
  uint32_t blast_radius = 1; ///< most targets down at the same time
};

/// One action.
struct plan_step {
  std::chrono::milliseconds at{0}; ///< after the start
  harm kind = harm::kill_actor;
  std::string node;  ///< a worker's name, "main", or "redis"
  std::string actor; ///< to kill; empty for other actions
  std::chrono::milliseconds away{0};

  friend bool operator==(const plan_step&, const plan_step&) = default;
};

/// "kill-actor main/dispatcher", "freeze-worker w-1 for 4s"
std::string to_string(const plan_step& x);

/// Plans a run: one action per `every`. First picks a kind that has a target at
/// that time, then a target, each with equal probability. A worker counts as
/// down from a kill, freeze or cut until `return_time` after the action is
/// over; at least one worker is always up. The same options and the same fleet,
/// in any order, give the same plan on every machine.
std::vector<plan_step> plan_chaos(chaos_fleet fleet,
                                  const plan_options& options);

/// How long a worker has to join again.
inline constexpr std::chrono::milliseconds return_time{3000};

/// The names of the targets that are not workers.
inline constexpr const char* main_target = "main";
inline constexpr const char* redis_target = "redis";

} // namespace darkroom
