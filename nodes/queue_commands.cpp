/// `darkroom add`, `jobs`, `queue`: the queue from a shell, straight on Redis.
#include "config/clock.hpp"
#include "nodes/bulk_add.hpp"
#include "nodes/command.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/add_options.hpp"
#include "services/redis/job_options.hpp"

#include <cstdio>

namespace darkroom {

namespace {

struct add_flags {
  command_flags common;
  std::string name;
  std::string data = "{}";
  std::string options = "{}"; ///< JSON, over Darkroom's defaults
  std::string bulk;           ///< file of jobs, "-" for the standard input
  uint64_t count = 1;
  int64_t delay_ms = 0;
  uint32_t priority = 0;
  bool is_lifo = false;
  bool is_json = false;
};

/// The flags' options over those of --options.
result<nlohmann::json> options_of(const add_flags& flags) {
  auto out = parse_json(flags.options);
  if (!out)
    return fail(ec::bad_input, "--options is " + out.error().context);
  if (!out->is_object())
    return fail(ec::bad_input, "--options is no JSON object");
  if (flags.delay_ms > 0)
    (*out)["delay"] = flags.delay_ms;
  if (flags.priority > 0)
    (*out)["priority"] = flags.priority;
  if (flags.is_lifo)
    (*out)["lifo"] = true;
  return out;
}

/// The job that the flags describe.
result<new_job> job_of(const add_flags& flags, const job_settings& defaults) {
  auto data = parse_json(flags.data);
  if (!data)
    return fail(ec::bad_input, "--data is " + data.error().context);
  auto options = options_of(flags);
  if (!options)
    return std::move(options.error());
  new_job job;
  job.name = flags.name;
  job.data = flags.data;
  job.options = default_job_options(defaults);
  return with_options(std::move(job), *options);
}

int run_add(const add_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  if (flags.name.empty() && flags.bulk.empty())
    return report(fail(ec::bad_input, "the job's name is empty: give its type, "
                                      "such as generate-metadata"));
  auto described = job_of(flags, config.jobs);
  if (!described)
    return report(described.error());
  const auto& job = *described;
  if (!flags.bulk.empty())
    return add_lines(config, job, flags.bulk, flags.is_json);
  if (flags.count != 1)
    return add_copies(config, job, flags.count, flags.is_json);
  job_queue queue{config.redis, config.queue};
  auto ids = queue.add({job}, wall_clock_ms());
  if (!ids)
    return report(ids.error());
  say(flags.is_json ? write_json({{"id", ids->front()}}) : ids->front());
  return exit_ok;
}

struct list_flags {
  command_flags common;
  std::string state = "waiting";
  uint32_t page = 0;
  bool is_json = false;
};

constexpr uint32_t jobs_a_page = 50;

std::string summary_of(const nlohmann::json& job) {
  auto line = job["id"].get<std::string>() + "  " + job.value("name", "?")
              + "  " + write_json(job.value("data", nlohmann::json{}));
  auto reason = job.value("failedReason", "");
  return reason.empty() ? line : line + "  failed: " + reason;
}

int run_jobs(const list_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  job_queue queue{config.redis, config.queue};
  auto found = queue.list(flags.state, flags.page * jobs_a_page, jobs_a_page);
  if (!found)
    return report(found.error());
  auto jobs = nlohmann::json::array();
  for (const auto& x : *found)
    jobs.push_back(to_json(x));
  if (flags.is_json)
    say(write_json(jobs));
  else
    for (const auto& x : jobs)
      say(summary_of(x));
  return exit_ok;
}

struct queue_flags {
  command_flags common;
  std::string action = "stats";
  bool is_json = false;
};

int run_queue(const queue_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto is_json = flags.is_json;
  job_queue queue{config.redis, config.queue};
  if (flags.action != "stats") {
    auto changed = queue.set_paused(flags.action == "pause");
    if (!changed)
      return report(changed.error());
  }
  auto counts = queue.counts();
  if (!counts)
    return report(counts.error());
  auto out = to_json(*counts);
  if (is_json) {
    say(write_json({{"name", config.queue.name},
                    {"paused", counts->paused},
                    {"counts", out}}));
    return exit_ok;
  }
  say(config.queue.name + (counts->paused ? " (paused)" : ""));
  for (const auto& [state, count] : out.items())
    std::printf("%-17s %s\n", state.c_str(), count.dump().c_str());
  return exit_ok;
}

void add_add_command(CLI::App& program) {
  auto* command = program.add_subcommand("add", "adds a job to the queue");
  auto flags = std::make_shared<add_flags>();
  flags->common.add_to(*command);
  flags->common.add_setting(*command, "--queue", "queue.name", "the queue");
  command->add_option("name", flags->name, "job type, generate-metadata");
  auto* bulk = command->add_option(
    "--bulk", flags->bulk,
    "file of jobs, - for standard input; a line each: "
    R"({"name": …, "data": …, "opts": …}; the flags stand in for what is missing)");
  command->add_option("--count", flags->count, "add so many equal jobs")
    ->check(CLI::PositiveNumber)
    ->excludes(bulk);
  command->add_option("--data", flags->data, "job data, JSON");
  command->add_option("--options", flags->options,
                      "BullMQ's options, JSON: jobId, deduplication, parent, "
                      "removeOnComplete, ...");
  command->add_option("--delay", flags->delay_ms, "ms until it may start")
    ->check(CLI::NonNegativeNumber);
  command
    ->add_option("--priority", flags->priority,
                 "1 (first) to 2097151; without it before all of these")
    ->check(CLI::Range(0, 2097151));
  command->add_flag("--lifo", flags->is_lifo, "next in line");
  command->add_flag("--json", flags->is_json, "answer as JSON");
  command->final_callback([flags] { std::exit(run_add(*flags)); });
}

} // namespace

void add_queue_commands(CLI::App& program) {
  add_add_command(program);
  auto* jobs = program.add_subcommand("jobs", "lists jobs of one state");
  auto list = std::make_shared<list_flags>();
  list->common.add_to(*jobs);
  list->common.add_setting(*jobs, "--queue", "queue.name", "the queue");
  jobs->add_option("--state", list->state,
                   "waiting, active, delayed, prioritized, completed, failed, "
                   "waiting-children");
  jobs->add_option("--page", list->page, "pages of 50, from 0");
  jobs->add_flag("--json", list->is_json, "answer as JSON");
  jobs->final_callback([list] { std::exit(run_jobs(*list)); });

  auto* queue = program.add_subcommand("queue",
                                       "counts the queue's jobs, or pauses it");
  auto flags = std::make_shared<queue_flags>();
  flags->common.add_to(*queue);
  flags->common.add_setting(*queue, "--queue", "queue.name", "the queue");
  queue->add_option("action", flags->action, "stats (default), pause, resume")
    ->check(CLI::IsMember({"stats", "pause", "resume"}));
  queue->add_flag("--json", flags->is_json, "answer as JSON");
  queue->final_callback([flags] { std::exit(run_queue(*flags)); });
}

} // namespace darkroom
