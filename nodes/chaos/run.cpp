#include "nodes/chaos/run.hpp"

#include "config/words.hpp"
#include "nodes/chaos/cluster.hpp"
#include "nodes/chaos/deeds.hpp"
#include "nodes/chaos/load.hpp"
#include "services/random/random_id.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

/// How often the run checks who is back and what is due. An order is late by at
/// most this time.
constexpr milliseconds tick_time{200};

/// How often the run checks at the end which jobs have ended.
constexpr milliseconds settle_look{500};

load_options load_of(const chaos_options& options) {
  load_options out;
  out.run = "chaos-" + random_id().substr(0, 8);
  out.duration = options.plan.duration;
  out.picture = options.picture;
  out.jobs = options.jobs;
  return out;
}

/// Checks that there is something to harm, and a node that runs the jobs.
status check_cluster(const cluster_sight& cluster, const chaos_options& options,
                     const std::vector<plan_step>& steps) {
  if (options.picture.empty() && !cluster.runs("sleep"))
    return fail(ec::conflict,
                "not all worker nodes run the diagnostic job 'sleep': start "
                "them with --diagnostics, or give --sample and a picture "
                "below the uploads folder");
  if (steps.empty())
    return fail(ec::conflict,
                "there is nothing to harm: workers allow it with 'darkroom "
                "work --chaos', their processes are reached on this machine "
                "only, and the last one is spared");
  return ok;
}

class run {
public:
  run(const settings& config, const chaos_options& options,
      const chaos_hooks& hooks)
    : options_(options),
      hooks_(hooks),
      load_(config, load_of(options)),
      deeds_(config, options.main, options.plan.blast_radius) {
    out_.seed = options.plan.seed;
  }

  result<chaos_outcome> go(const std::vector<plan_step>& steps) {
    if (auto started = load_.start(); !started)
      return std::move(started.error());
    begin_ = steady::now();
    for (const auto& step : steps)
      if (wait_until(step.at))
        act(step);
    wait_until(options_.plan.duration);
    load_.stop_adding();
    settle();
    auto verdict = load_.judge();
    if (!verdict)
      return std::move(verdict.error());
    out_.verdict = std::move(*verdict);
    out_.missing = deeds_.missing();
    return out_;
  }

private:
  /// @returns false once somebody asks for the end
  bool wait_until(milliseconds at) {
    while (out_.stopped_by.empty()) {
      auto rest
        = std::chrono::duration_cast<milliseconds>(begin_ + at - steady::now());
      if (rest.count() <= 0)
        return true;
      out_.stopped_by = hooks_.wait(std::min(rest, tick_time));
      if (out_.stopped_by.empty())
        deeds_.tick();
    }
    deeds_.undo();
    return false;
  }

  void act(const plan_step& step) {
    auto done = deeds_.act(step);
    if (done) {
      load_.acted(step);
      hooks_.say(to_string(step));
      return;
    }
    out_.skipped.push_back(to_string(step) + ": " + done.error().context);
    hooks_.say("skipped " + out_.skipped.back());
  }

  /// Waits for the jobs, at most for the time that was given, and for the
  /// workers that are down, until they are back or count as missing.
  void settle() {
    auto end = steady::now() + options_.settle;
    size_t told = 0;
    while (out_.stopped_by.empty()) {
      deeds_.tick();
      auto open = load_.count_open(); // may fail while a connection is broken
      auto are_done = (open && *open == 0) || steady::now() >= end;
      if (are_done && !deeds_.waits_for_some())
        return;
      if (open && *open != told && *open > 0)
        hooks_.say("waiting for " + counted(*open, "job"));
      told = open ? *open : told;
      out_.stopped_by = hooks_.wait(settle_look);
    }
  }

  const chaos_options& options_;
  const chaos_hooks& hooks_;
  chaos_load load_;
  chaos_deeds deeds_; // undone before the load is judged
  steady::time_point begin_;
  chaos_outcome out_;
};

} // namespace

status act_once(const settings& config, const main_address& main,
                const plan_step& step, const chaos_hooks& hooks) {
  chaos_deeds deeds{config, main, 1};
  if (auto done = deeds.act(step); !done)
    return done;
  hooks.say(to_string(step));
  while (deeds.has_absent()) {
    if (auto missing = deeds.missing(); !missing.empty())
      return fail(ec::timed_out, missing.front());
    if (!hooks.wait(tick_time).empty())
      break;
    deeds.tick();
  }
  return ok;
}

result<chaos_outcome> run_chaos(const settings& config,
                                const chaos_options& options,
                                const chaos_hooks& hooks) {
  auto cluster = look_at_cluster(options.main);
  if (!cluster)
    return std::move(cluster.error());
  auto steps = plan_chaos(fleet_of(*cluster), options.plan);
  if (auto good = check_cluster(*cluster, options, steps); !good)
    return std::move(good.error());
  return run{config, options, hooks}.go(steps);
}

} // namespace darkroom
