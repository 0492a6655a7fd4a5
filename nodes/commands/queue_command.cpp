/// `darkroom queue`: the whole queue from a shell, straight on Redis.
#include "config/clock.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/confirm.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/failure_teller.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/commands/queue_stats.hpp"
#include "nodes/job_json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/terminal/progress_bar.hpp"
#include "services/text/shown_json.hpp"

#include <chrono>
#include <initializer_list>

namespace darkroom {

namespace {

using nlohmann::json;

struct queue_flags {
  command_flags common;
  std::string action = "stats";
  std::string state;
  std::chrono::milliseconds older{0};
  uint64_t limit = 0;
  bool is_delayed = false;
  bool is_forced = false;
  bool is_sure = false;
  bool is_json = false;
};

const flag_actions queue_readers{
  {"--delayed", {"drain"}},    {"--state", {"clean"}},
  {"--older", {"clean"}},      {"--limit", {"clean"}},
  {"--force", {"obliterate"}}, {"--yes", {"drain", "clean", "obliterate"}}};

known_words queue_actions() {
  return {"action",
          {"stats", "pause", "resume", "drain", "clean", "obliterate"},
          {{"list", "darkroom jobs"},
           {"ls", "darkroom jobs"},
           {"info", "stats"},
           {"show", "stats"},
           {"status", "stats"},
           {"counts", "stats"},
           {"stop", "pause"},
           {"start", "resume"},
           {"unpause", "resume"},
           {"continue", "resume"},
           {"empty", "drain"},
           {"clear", "drain"},
           {"purge", "clean"},
           {"delete", "obliterate"},
           {"remove", "obliterate"},
           {"destroy", "obliterate"}}};
}

/// An open queue and what a command needs to act on it.
struct opened_queue {
  explicit opened_queue(const settings& loaded)
    : config(loaded),
      jobs(config.redis, config.queue),
      admin(config.redis, config.queue),
      teller(config) {
    teller.watch(admin);
  }
  opened_queue(const opened_queue&) = delete;
  opened_queue& operator=(const opened_queue&) = delete;

  settings config;
  job_queue jobs;
  queue_admin admin;
  failure_teller teller; ///< of the jobs that `admin` removes
};

/// Prints how many jobs were removed.
int report_removed(const result<uint64_t>& removed, bool is_json) {
  if (!removed)
    return report(removed.error());
  say(is_json ? shown_json({{"removed", *removed}})
              : counted(*removed, "job") + " removed");
  return exit_ok;
}

std::string queue_of(const opened_queue& queue) {
  return "queue '" + queue.config.queue.name + "'";
}

/// "17 jobs": how many jobs are in these states, before they are removed.
result<std::string> jobs_in(opened_queue& queue,
                            std::initializer_list<const char*> states) {
  auto counts = queue.jobs.counts();
  if (!counts)
    return std::move(counts.error());
  auto all = to_json(*counts);
  uint64_t sum = 0;
  for (const auto* state : states)
    sum += all.value(state, uint64_t{0});
  return counted(sum, "job");
}

int run_drain(opened_queue& queue, const queue_flags& flags, int64_t now) {
  auto jobs = flags.is_delayed
                ? jobs_in(queue, {"waiting", "prioritized", "delayed"})
                : jobs_in(queue, {"waiting", "prioritized"});
  if (!jobs)
    return report(jobs.error());
  auto sure = confirm("removes " + *jobs + " that "
                        + (flags.is_delayed ? "wait or are delayed" : "wait")
                        + " in " + queue_of(queue) + " for good",
                      flags.is_sure);
  if (!sure)
    return report(sure.error());
  auto removed = [&] {
    progress_bar bar{"job"};
    queue.admin.watch_progress([&bar](uint64_t done) { bar.show(done, 0); });
    return queue.admin.drain(flags.is_delayed, now);
  }();
  queue.admin.watch_progress({});
  queue.teller.report();
  return report_removed(removed, flags.is_json);
}

int run_clean(opened_queue& queue, const queue_flags& flags, int64_t now) {
  if (flags.state.empty())
    return report(fail(ec::bad_input, "clean needs --state, such as failed"));
  auto most = flags.limit > 0 ? "up to " + counted(flags.limit, "job")
                              : std::string{"all jobs"};
  auto age = flags.older.count() > 0
               ? " that are older than " + span_text(flags.older.count())
               : std::string{};
  auto sure = confirm("removes " + most + " in state " + flags.state + " of "
                        + queue_of(queue) + age + " for good",
                      flags.is_sure);
  if (!sure)
    return report(sure.error());
  auto removed = [&] {
    progress_bar bar{"job"};
    queue.admin.watch_progress(
      [&](uint64_t done) { bar.show(done, flags.limit); });
    return queue.admin.clean({flags.state, flags.older.count(), flags.limit},
                             now);
  }();
  queue.admin.watch_progress({});
  queue.teller.report();
  return report_removed(removed, flags.is_json);
}

int run_obliterate(opened_queue& queue, const queue_flags& flags, int64_t now) {
  auto jobs = jobs_in(queue, {"waiting", "active", "prioritized", "delayed",
                              "completed", "failed", "waiting-children"});
  if (!jobs)
    return report(jobs.error());
  auto sure
    = confirm("removes " + queue_of(queue) + " with its " + *jobs + " for good",
              flags.is_sure);
  if (!sure)
    return report(sure.error());
  auto gone = queue.admin.obliterate(flags.is_forced, now);
  queue.teller.report();
  if (!gone)
    return report(gone.error());
  say(flags.is_json ? shown_json({{"obliterated", queue.config.queue.name}})
                    : queue_of(queue) + " is gone");
  return exit_ok;
}

int act_on_queue(opened_queue& queue, const queue_flags& flags) {
  auto now = wall_clock_ms();
  if (flags.action == "drain")
    return run_drain(queue, flags, now);
  if (flags.action == "clean")
    return run_clean(queue, flags, now);
  if (flags.action == "obliterate")
    return run_obliterate(queue, flags, now);
  if (flags.action != "stats") {
    auto changed = queue.jobs.set_paused(flags.action == "pause");
    if (!changed)
      return report(changed.error());
  }
  auto stats = stats_of(queue.config.queue.name, queue.jobs, queue.admin, now);
  if (!stats)
    return report(stats.error());
  if (flags.is_json)
    say(shown_json(*stats));
  else
    print_stats(*stats);
  return exit_ok;
}

int run_queue(const CLI::App& command, const queue_flags& flags) {
  auto fitting = check_flags(command, flags.action, queue_readers);
  if (!fitting)
    return report(fitting.error());
  opened_queue queue{load_queue_or_exit(flags.common)};
  auto code = act_on_queue(queue, flags);
  if (flags.action == "stats")
    return code;
  return note_deed(queue.config, {"darkroom queue " + flags.action,
                                  queue.config.queue.name, code});
}

} // namespace

void add_queue_command(CLI::App& program) {
  auto* queue = program.add_subcommand("queue",
                                       "counts, pauses or empties the queue");
  auto flags = std::make_shared<queue_flags>();
  flags->common.add_to(*queue);
  flags->common.add_setting(*queue, "--queue", "queue.name", "the queue");
  add_word(*queue, "action", flags->action, queue_actions(),
           "stats (default), pause, resume; drain: removes what waits; "
           "clean: removes jobs of one --state; obliterate: removes the "
           "queue");
  queue->add_flag("--delayed", flags->is_delayed,
                  "drain: delayed jobs too, but schedulers'");
  add_word(*queue, "--state", flags->state,
           {"state",
            {"waiting", "active", "delayed", "prioritized", "completed",
             "failed", "waiting-children", "wait"},
            {{"done", "completed"}, {"dead", "failed"}}},
           "clean: waiting, active (that nobody runs), delayed, "
           "prioritized, completed, failed, waiting-children");
  add_duration(*queue, "--older", flags->older,
               "clean: that ended, or were added, at least this long ago: 1h");
  add_number(*queue, "--limit", flags->limit, {},
             "clean: at most this many, oldest first; 0 = all");
  queue->add_flag("--force", flags->is_forced,
                  "obliterate: also while jobs run");
  queue->add_flag("--yes", flags->is_sure,
                  "drain, clean, obliterate: do not ask");
  queue->add_flag("--json", flags->is_json, "answer as JSON");
  queue->final_callback(
    [queue, flags] { std::exit(run_queue(*queue, *flags)); });
}

} // namespace darkroom
