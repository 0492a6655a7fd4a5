/// `darkroom jobs`: lists jobs of one state.
#include "config/clock.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/job_page.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

struct list_flags {
  command_flags common;
  std::string state = "waiting";
  uint32_t page = 0;
  uint32_t limit = 50;
  bool is_json = false;
};

constexpr int64_t most_a_page = 10000; ///< they are all in memory
constexpr int64_t last_page = 100000;

std::string age_of(const json& job, int64_t now) {
  auto added = number_in(job, "timestamp");
  return added > 0 ? span_text(std::max<int64_t>(now - added, 0)) : "-";
}

void print_jobs(const list_flags& flags, const json& jobs, uint64_t total) {
  auto now = wall_clock_ms();
  text_table table{{"id", "name", "state", "age", "attempts", "data"}};
  for (const auto& x : jobs)
    table.add({x["id"].get<std::string>(), x.value("name", "?"),
               text_member(x, "state"), age_of(x, now),
               std::to_string(number_in(x, "attemptsMade")), summary_of(x)});
  say_table(table);
  auto shown = uint64_t{flags.page} * flags.limit + jobs.size();
  if (!jobs.empty() && total > shown)
    say(counted(total - shown, "more job") + ": --page "
        + std::to_string(flags.page + 1));
}

int run_jobs(const list_flags& flags) {
  auto config = load_queue_or_exit(flags.common);
  job_queue queue{config.redis, config.queue};
  auto found = list_jobs(queue, flags.state, uint64_t{flags.page} * flags.limit,
                         flags.limit);
  if (!found)
    return report(found.error());
  auto jobs = json::array();
  for (const auto& x : found->jobs) {
    jobs.push_back(to_json(x.job));
    jobs.back()["state"] = x.state;
  }
  if (flags.is_json)
    say(shown_json(jobs));
  else
    print_jobs(flags, jobs, found->total);
  return exit_ok;
}

} // namespace

void add_jobs_command(CLI::App& program) {
  auto* jobs = program.add_subcommand("jobs", "lists jobs of one state");
  auto flags = std::make_shared<list_flags>();
  flags->common.add_to(*jobs);
  flags->common.add_setting(*jobs, "--queue", "queue.name", "the queue");
  add_word(*jobs, "--state", flags->state,
           {"state",
            listed_states(),
            {{"done", "completed"},
             {"dead", "failed"},
             {"running", "active"},
             {"pending", "waiting"}}},
           "waiting (or wait), active, delayed, prioritized, completed, "
           "failed, waiting-children, paused, all");
  add_number(*jobs, "--limit", flags->limit, {1, most_a_page},
             "jobs per page (50)");
  add_number(*jobs, "--page", flags->page, {0, last_page},
             "which page, from 0 on");
  jobs->add_flag("--json", flags->is_json, "answer as JSON");
  jobs->final_callback([flags] { std::exit(run_jobs(*flags)); });
}

} // namespace darkroom
