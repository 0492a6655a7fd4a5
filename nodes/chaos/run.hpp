/// A chaos run from its start to its verdict.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "nodes/chaos/options.hpp"
#include "nodes/chaos/verdict.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace darkroom {

/// What a run needs of whoever runs it.
struct chaos_hooks {
  /// Waits so long, or until somebody wants an end. @returns who; empty: nobody
  std::function<std::string(std::chrono::milliseconds)> wait;
  /// Takes a line for people: what was done just now.
  std::function<void(const std::string&)> say;
};

/// Does one action and undoes it, at the end of its time or once an end is
/// wanted; waits until its target is back. Blocks for so long.
/// @returns why it was not done, or that the target did not come back
status act_once(const settings& config, const std::string& url,
                const plan_step& step, const chaos_hooks& hooks);

/// Runs it. Blocks for the plan's duration and the time to settle. An end that
/// is wanted stops all harm at once; the verdict comes when the jobs have ended
/// or a second end is wanted.
/// @returns ec::bad_config or ec::conflict where the cluster is not such that
///   it can be run; the outcome else, good or bad
result<chaos_outcome> run_chaos(const settings& config,
                                const chaos_options& options,
                                const chaos_hooks& hooks);

} // namespace darkroom
