/// What `darkroom chaos` does when: decided before it begins, by a seed.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// What may be done to a cluster.
enum class harm : uint8_t {
  kill_actor,    ///< any actor of a node that allows chaos
  kill_worker,   ///< SIGKILL
  freeze_worker, ///< SIGSTOP, and SIGCONT after a time
  cut_worker,    ///< its connection to the main node, for a time
  kill_clients,  ///< all connections of Redis but ours
  stop_redis,    ///< frozen, or its writes paused, for a time
};

/// The name in `--actions` and in answers ("kill-actor").
const char* to_string(harm x);

/// Reads "kill-actor,cut-worker". @returns each once, in the order of `harm`;
/// ec::bad_config naming what is no action, and those that are
result<std::vector<harm>> parse_harms(std::string_view text);

/// Whether it needs the worker's process itself.
bool is_signal(harm x);

/// Whether it is done to Redis, and not to a node.
bool is_on_redis(harm x);

/// Whether its target is away after it: a blast radius counts these.
bool takes_away(harm x);

/// Whether it ends after a time by itself.
bool takes_time(harm x);

/// A worker node that allows chaos.
struct chaos_worker {
  std::string name;
  std::vector<std::string> actors; ///< that may be killed
  bool is_reachable = false;       ///< its process may be signalled from here
};

/// What there is to harm.
struct chaos_fleet {
  std::vector<std::string> main_actors; ///< of the active main node
  std::vector<chaos_worker> workers;
  uint32_t bystanders = 0; ///< workers that run jobs and do not allow chaos
};

struct plan_options {
  uint64_t seed = 0;
  std::chrono::milliseconds duration{60000};
  std::chrono::milliseconds every{1000};
  std::chrono::milliseconds away{4000}; ///< of what is frozen, cut or stopped
  std::vector<harm> harms;
  uint32_t blast_radius = 1; ///< most targets that are away at the same time
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

/// Plans a run: an action each `every`, of a kind that has a target at that
/// time, each kind and then each target as likely as the others. A worker is
/// away from a kill, freeze or cut until `return_time` after that is over, and
/// one worker at least is not away. The same fleet, in any order, and options
/// give the same plan, on every machine.
std::vector<plan_step> plan_chaos(chaos_fleet fleet,
                                  const plan_options& options);

/// How long a worker has to join anew.
inline constexpr std::chrono::milliseconds return_time{3000};

/// The names of the targets that are no worker.
inline constexpr const char* main_target = "main";
inline constexpr const char* redis_target = "redis";

} // namespace darkroom
