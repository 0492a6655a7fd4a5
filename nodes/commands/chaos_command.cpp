/// `darkroom chaos`: breaks a staging cluster on purpose, by a plan, and
/// reports the result.
#include "nodes/chaos/cluster.hpp"
#include "nodes/chaos/run.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/main_api.hpp"
#include "nodes/signals.hpp"
#include "services/log/log.hpp"
#include "services/text/shown_json.hpp"

#include <cstdio>
#include <filesystem>

namespace darkroom {

namespace {

struct chaos_flags {
  command_flags common;
  chaos_request asked;
  main_choice main;
  std::string stop_file;
  bool is_json = false;
};

/// Watches for requests to end a run.
class stop_switch {
public:
  stop_switch(main_address main, std::string file)
    : main_(std::move(main)),
      file_(std::move(file)) {
    look();
  }

  /// @returns who asks for the end; each only once, except signals
  std::string wait(std::chrono::milliseconds limit) {
    if (is_told_to_stop(limit))
      return "a signal";
    std::error_code ignored;
    if (!is_told_ && !file_.empty()
        && std::filesystem::exists(file_, ignored)) {
      is_told_ = true;
      return "the file " + file_;
    }
    if (!is_told_ && steady::now() >= next_look_) {
      next_look_ = steady::now() + look_time;
      auto before = stops_;
      look();
      is_told_ = stops_.main == before.main && stops_.count > before.count;
      if (is_told_)
        return "the main node";
    }
    return {};
  }

private:
  using steady = std::chrono::steady_clock;

  static constexpr std::chrono::milliseconds look_time{500};

  void look() {
    if (auto stops = look_at_stops(main_))
      stops_ = *stops; // if the main node is down, the next look tells
  }

  const main_address main_;
  std::string file_;
  stop_count stops_;
  steady::time_point next_look_ = steady::now();
  bool is_told_ = false;
};

int run_chaos_command(const chaos_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  start_log(config.log.level, config.log.format);
  auto options = read_chaos_request(flags.asked,
                                    main_at(flags.main, config.http));
  if (!options)
    return report(options.error());
  auto tell = [&](const std::string& text) {
    if (!flags.is_json)
      say(text);
  };
  tell("seed " + std::to_string(options->plan.seed));
  stop_switch stop{options->main, flags.stop_file};
  chaos_hooks hooks;
  hooks.wait = [&](std::chrono::milliseconds limit) {
    return stop.wait(limit);
  };
  hooks.say = tell;
  auto outcome = run_chaos(config, *options, hooks);
  if (!outcome)
    return report(outcome.error());
  if (flags.is_json)
    say(shown_json(to_json(*outcome)));
  else
    for (const auto& text : to_lines(*outcome))
      say(text);
  return outcome->is_good() ? exit_ok : exit_failed;
}

void add_chaos_flags(CLI::App& command, chaos_flags& flags) {
  flags.common.add_to(command);
  flags.common.add_setting(command, "--queue", "queue.name", "the queue");
  flags.main.add_to(command, "", "--main,--url");
  command
    .add_option("--duration", flags.asked.duration,
                "how long actions are done and jobs added")
    ->capture_default_str();
  command.add_option("--every", flags.asked.every, "time between two actions")
    ->capture_default_str();
  add_number(command, "--seed", flags.asked.seed, {},
             "of the plan: the same fleet and flags give the same one; "
             "0 chooses one and tells it");
  auto* actions = command.add_option(
    "--actions", flags.asked.actions,
    "list of kill-actor, kill-worker, freeze-worker, cut-worker, kill-clients, "
    "stop-redis");
  actions->capture_default_str();
  note_words(actions, {"kill-actor", "kill-worker", "freeze-worker",
                       "cut-worker", "kill-clients", "stop-redis"});
  command
    .add_option("--away", flags.asked.away,
                "how long a target stays frozen, cut or stopped; longer than "
                "[cluster] node_timeout by default, so that its jobs move")
    ->capture_default_str();
  add_number(
    command, "--blast-radius", flags.asked.blast_radius, {1, UINT32_MAX},
    "most targets that are missing at the same time (1); the last worker "
    "is always spared");
  add_number(command, "--jobs", flags.asked.jobs, {},
             "jobs to add, evenly over the duration; 0: ten per second");
  command.add_option("--sample", flags.asked.picture,
                     "picture below the uploads folder: adds generate-variants "
                     "jobs of it instead of the diagnostic sleep (0.2 s)");
  command
    .add_option("--settle", flags.asked.settle,
                "longest wait for jobs and workers after the last action")
    ->capture_default_str();
  command.add_option("--stop-file", flags.stop_file,
                     "ends the run at once when this file is there");
  command.add_flag("--json", flags.is_json, "only the verdict, as JSON");
}

} // namespace

void add_chaos_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "chaos", "staging only: kills, freezes and cuts what allows it (--chaos), "
             "by a plan, and tells whether jobs were lost");
  auto flags = std::make_shared<chaos_flags>();
  add_chaos_flags(*command, *flags);
  command->final_callback([flags] { std::exit(run_chaos_command(*flags)); });
}

} // namespace darkroom
