/// `darkroom queue`: the whole queue from a shell, straight on Redis.
#include "config/clock.hpp"
#include "config/units.hpp"
#include "nodes/command.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/queue_admin.hpp"

#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

struct queue_flags {
  command_flags common;
  std::string action = "stats";
  std::string state;
  std::string older = "0ms";
  uint64_t limit = 0;
  bool is_delayed = false;
  bool is_forced = false;
  bool is_json = false;
};

/// A queue, as a command has it.
struct opened_queue {
  explicit opened_queue(const settings& loaded)
    : config(loaded),
      jobs(config.redis, config.queue),
      admin(config.redis, config.queue) {}

  settings config;
  job_queue jobs;
  queue_admin admin;
};

result<json> stats_of(opened_queue& queue, int64_t now) {
  auto counts = queue.jobs.counts();
  if (!counts)
    return std::move(counts.error());
  auto facts = queue.admin.facts();
  if (!facts)
    return std::move(facts.error());
  auto aside = queue.jobs.count_aside(now);
  if (!aside)
    return std::move(aside.error());
  json out{{"name", queue.config.queue.name},
           {"paused", counts->paused},
           {"counts", to_json(*counts)},
           {"withoutNode", to_json(*aside)},
           {"workers", facts->workers}};
  out["oldestWaitingMs"] = facts->oldest_waiting > 0 ? json(
                             std::max<int64_t>(now - facts->oldest_waiting, 0))
                                                     : json{};
  if (facts->concurrency > 0)
    out["concurrency"] = facts->concurrency;
  if (facts->limit_max > 0)
    out["limit"] = {{"max", facts->limit_max},
                    {"durationMs", facts->limit_window}};
  return out;
}

void print_stats(const json& stats) {
  auto line = [](const std::string& name, const std::string& value) {
    std::printf("%-17s %s\n", name.c_str(), value.c_str());
  };
  say(stats["name"].get<std::string>()
      + (stats["paused"].get<bool>() ? " (paused)" : ""));
  for (const auto& [state, count] : stats["counts"].items())
    line(state, count.dump());
  for (const auto& [name, jobs] : stats["withoutNode"].items())
    line("no node runs", jobs.dump() + " × " + name);
  if (stats["oldestWaitingMs"].is_number())
    line("oldest waits", span_text(stats["oldestWaitingMs"].get<int64_t>()));
  if (stats.contains("concurrency"))
    line("at once", stats["concurrency"].dump());
  if (stats.contains("limit"))
    line("limit", stats["limit"]["max"].dump() + " starts in "
                    + span_text(stats["limit"]["durationMs"].get<int64_t>()));
  std::string names;
  for (const auto& x : stats["workers"]) {
    auto name = x.get<std::string>();
    names += " " + (name.empty() ? "(unnamed)" : name);
  }
  line("workers", std::to_string(stats["workers"].size()) + names);
}

/// Prints how many jobs went.
int report_removed(const result<uint64_t>& removed, bool is_json) {
  if (!removed)
    return report(removed.error());
  say(is_json ? write_json({{"removed", *removed}})
              : std::to_string(*removed) + " jobs removed");
  return exit_ok;
}

int run_clean(opened_queue& queue, const queue_flags& flags, int64_t now) {
  if (flags.state.empty())
    return report(fail(ec::bad_input, "clean needs --state, such as failed"));
  auto older = parse_duration(flags.older);
  if (!older)
    return report(fail(ec::bad_input, "--older " + older.error().context));
  return report_removed(
    queue.admin.clean({flags.state, older->count(), flags.limit}, now),
    flags.is_json);
}

int run_obliterate(opened_queue& queue, const queue_flags& flags, int64_t now) {
  auto gone = queue.admin.obliterate(flags.is_forced, now);
  if (!gone)
    return report(gone.error());
  say(flags.is_json ? write_json({{"obliterated", queue.config.queue.name}})
                    : "queue '" + queue.config.queue.name + "' is gone");
  return exit_ok;
}

int run_queue(const queue_flags& flags) {
  opened_queue queue{flags.common.load_or_exit().values};
  auto now = wall_clock_ms();
  if (flags.action == "drain")
    return report_removed(queue.admin.drain(flags.is_delayed, now),
                          flags.is_json);
  if (flags.action == "clean")
    return run_clean(queue, flags, now);
  if (flags.action == "obliterate")
    return run_obliterate(queue, flags, now);
  if (flags.action != "stats") {
    auto changed = queue.jobs.set_paused(flags.action == "pause");
    if (!changed)
      return report(changed.error());
  }
  auto stats = stats_of(queue, now);
  if (!stats)
    return report(stats.error());
  if (flags.is_json)
    say(write_json(*stats));
  else
    print_stats(*stats);
  return exit_ok;
}

} // namespace

void add_queue_command(CLI::App& program) {
  auto* queue = program.add_subcommand("queue",
                                       "counts, pauses or empties the queue");
  auto flags = std::make_shared<queue_flags>();
  flags->common.add_to(*queue);
  flags->common.add_setting(*queue, "--queue", "queue.name", "the queue");
  queue
    ->add_option("action", flags->action,
                 "stats (default), pause, resume; drain: removes what waits; "
                 "clean: removes jobs of one --state; obliterate: removes the "
                 "queue")
    ->check(CLI::IsMember(
      {"stats", "pause", "resume", "drain", "clean", "obliterate"}));
  queue->add_flag("--delayed", flags->is_delayed,
                  "drain: delayed jobs too, but schedulers'");
  queue->add_option("--state", flags->state,
                    "clean: waiting, active (that nobody runs), delayed, "
                    "prioritized, completed, failed, waiting-children");
  queue->add_option("--older", flags->older,
                    "clean: jobs that ended, or were added, so long ago: 1h");
  queue->add_option("--limit", flags->limit,
                    "clean: so many, oldest first; 0 = all");
  queue->add_flag("--force", flags->is_forced,
                  "obliterate: also while jobs run");
  queue->add_flag("--json", flags->is_json, "answer as JSON");
  queue->final_callback([flags] { std::exit(run_queue(*flags)); });
}

} // namespace darkroom
