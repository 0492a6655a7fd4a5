/// `darkroom add`: jobs from a shell, straight on Redis.
#include "config/clock.hpp"
#include "nodes/bulk_add.hpp"
#include "nodes/command.hpp"
#include "services/json/json.hpp"
#include "services/redis/add_options.hpp"
#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"

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
  std::string id;
  uint32_t attempts = 0;
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
  if (!flags.id.empty())
    (*out)["jobId"] = flags.id;
  if (flags.attempts > 0)
    (*out)["attempts"] = flags.attempts;
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

} // namespace

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
  command->add_option("--job-id", flags->id,
                      "the job's id; added once as long as it is kept");
  command
    ->add_option("--attempts", flags->attempts,
                 "attempts in all; without it [jobs] attempts")
    ->check(CLI::PositiveNumber);
  command->add_flag("--json", flags->is_json, "answer as JSON");
  command->final_callback([flags] { std::exit(run_add(*flags)); });
}

} // namespace darkroom
