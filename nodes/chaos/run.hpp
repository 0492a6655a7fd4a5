/// Runs chaos from the start to the verdict.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "nodes/chaos/options.hpp"
#include "nodes/chaos/verdict.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace darkroom {

/// What the caller of a run provides.
struct chaos_hooks {
  /// Waits for this time, or until somebody asks for the end.
  /// @returns who asked; empty if nobody did
  std::function<std::string(std::chrono::milliseconds)> wait;
  /// Takes a line for people about what was just done.
  std::function<void(const std::string&)> say;
};

/// Does one action, and undoes it when its time is up or somebody asks for the
/// end. Blocks until the target is back.
/// @returns why it was not done, or that the target did not come back
status act_once(const settings& config, const main_address& main,
                const plan_step& step, const chaos_hooks& hooks);

/// Runs the plan. Blocks for its duration and the time to settle. If somebody
/// asks for the end, all harm stops at once; the verdict comes when the jobs
/// have ended, or if somebody asks again.
/// @returns the outcome, good or bad; ec::bad_config or ec::conflict if the
///   plan cannot run on this cluster
result<chaos_outcome> run_chaos(const settings& config,
                                const chaos_options& options,
                                const chaos_hooks& hooks);

} // namespace darkroom
