/// `darkroom sim`: a simulated cluster under random faults, seed by seed.
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/log/log.hpp"
#include "services/terminal/progress_bar.hpp"
#include "services/text/shown_json.hpp"
#include "sim/bug.hpp"
#include "sim/seed_runner.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <thread>

namespace darkroom {

namespace {

struct sim_flags {
  uint64_t seeds = 100;
  uint64_t first = 1;
  std::optional<uint64_t> seed;
  std::optional<uint32_t> jobs;
  uint32_t threads = 0;
  std::string bug;
  bool has_trace = false;
  bool is_json = false;
};

void list_bugs() {
  for (const auto& x : sim::all_bugs())
    std::printf("%-16s %s\n", x.name, x.text);
}

std::string replay_of(const sim_flags& flags, uint64_t seed) {
  auto out = "darkroom sim --seed " + std::to_string(seed);
  if (flags.jobs)
    out += " --jobs-per-seed " + std::to_string(*flags.jobs);
  if (!flags.bug.empty())
    out += " --bug " + flags.bug;
  return out + " --trace";
}

/// The results of all seeds.
struct sim_sum {
  uint64_t seeds = 0;
  uint64_t violations = 0;
  uint64_t steps = 0;
  uint64_t jobs = 0;
  int64_t virtual_ms = 0;
  std::map<uint64_t, std::string> hashes; ///< by seed

  void add(const sim::simulation_report& x) {
    ++seeds;
    violations += x.violation.empty() ? 0 : 1;
    steps += x.steps;
    jobs += x.jobs;
    virtual_ms += x.virtual_ms;
    hashes[x.seed] = x.hash;
  }

  /// One hash of all traces, independent of the order in which they ended.
  std::string hash() const {
    sim::trace all{false};
    for (const auto& [seed, hash] : hashes)
      all.line({}, {hash});
    return seeds == 1 ? hashes.begin()->second : all.hash();
  }
};

void print_violation(const sim_flags& flags, const sim::simulation_report& x) {
  std::printf(
    "seed %llu: %s\n  after %llu messages, at %.3f s; replay it: %s\n",
    static_cast<unsigned long long>(x.seed), x.violation.c_str(),
    static_cast<unsigned long long>(x.steps),
    static_cast<double>(x.virtual_ms) / 1000, replay_of(flags, x.seed).c_str());
}

void print_sum(const sim_sum& sum) {
  std::printf(
    "%llu seeds, %llu violations; %llu jobs, %llu messages, %.1f h of "
    "virtual time; trace %s\n",
    static_cast<unsigned long long>(sum.seeds),
    static_cast<unsigned long long>(sum.violations),
    static_cast<unsigned long long>(sum.jobs),
    static_cast<unsigned long long>(sum.steps),
    static_cast<double>(sum.virtual_ms) / 3600000, sum.hash().c_str());
}

nlohmann::json violation_of(const sim_flags& flags,
                            const sim::simulation_report& x) {
  return {{"seed", x.seed},
          {"violation", x.violation},
          {"messages", x.steps},
          {"virtualMs", x.virtual_ms},
          {"replay", replay_of(flags, x.seed)}};
}

nlohmann::json to_json(const sim_sum& sum, nlohmann::json violations) {
  return {{"seeds", sum.seeds},
          {"violations", std::move(violations)},
          {"jobs", sum.jobs},
          {"messages", sum.steps},
          {"virtualMs", sum.virtual_ms},
          {"trace", sum.hash()}};
}

int run_sim(const sim_flags& flags) {
  if (flags.bug == "list") {
    list_bugs();
    return exit_ok;
  }
  sim::simulation_options each;
  each.jobs = flags.jobs;
  each.prints = flags.has_trace;
  if (!flags.bug.empty()) {
    auto found = sim::find_bug(flags.bug);
    if (!found) {
      report(fail(ec::bad_input, "there is no bug '" + flags.bug
                                   + "': --bug list shows them"));
      return exit_usage;
    }
    each.put_in = *found;
  }
  if (flags.has_trace && !flags.seed) {
    report(fail(ec::bad_input, "--trace needs --seed: it prints one play"));
    return exit_usage;
  }
  sim::seed_range range{flags.first, flags.seeds, flags.threads};
  if (flags.seed)
    range = {*flags.seed, 1, 1};
  start_log("off"); // actors of killed nodes log a lot
  sigset_t none;    // no node has to drain, so any signal ends the process
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  sim_sum sum;
  progress_bar bar{"seed"};
  auto violations = nlohmann::json::array();
  auto played = sim::play_seeds(range, each, [&](const auto& x) {
    sum.add(x);
    if (!flags.has_trace)
      bar.show(sum.seeds, range.count);
    if (x.violation.empty())
      return;
    bar.clear();
    violations.push_back(violation_of(flags, x));
    if (!flags.is_json)
      print_violation(flags, x);
  });
  bar.clear();
  if (!played)
    return report(played.error());
  if (flags.is_json)
    say(shown_json(to_json(sum, std::move(violations))));
  else
    print_sum(sum);
  return sum.violations == 0 ? exit_ok : exit_failed;
}

} // namespace

void add_sim_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "sim", "simulates a cluster under random faults and checks what must hold");
  auto flags = std::make_shared<sim_flags>();
  flags->threads = std::max(1U, std::thread::hardware_concurrency());
  auto* seeds = add_number(*command, "--seeds", flags->seeds, {1, INT64_MAX},
                           "how many seeds to play (100)");
  auto* first = add_number(*command, "--first", flags->first, {},
                           "the first of them (1)");
  add_number(*command, "--seed", flags->seed, {}, "plays this one alone")
    ->excludes(seeds)
    ->excludes(first);
  add_number(*command, "--jobs-per-seed", flags->jobs, {1, 10000},
             "jobs of a seed (60 to 150)");
  add_number(*command, "--threads", flags->threads, {1, 256},
             "seeds at once (as many as there are cores)");
  auto* bug = command->add_option(
    "--bug", flags->bug,
    "puts a bug in, which is to be found; 'list' lists them");
  std::vector<std::string> bugs{"list"};
  for (const auto& x : sim::all_bugs())
    bugs.push_back(x.name);
  note_words(bug, bugs);
  command->add_flag("--trace", flags->has_trace, "prints all that happens");
  command->add_flag("--json", flags->is_json, "the sum as JSON");
  command->final_callback([flags] { std::exit(run_sim(*flags)); });
}

} // namespace darkroom
