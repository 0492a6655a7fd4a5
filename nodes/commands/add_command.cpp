/// `darkroom add`: jobs from a shell, straight on Redis.
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/bulk_add.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_line.hpp"
#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/text/shown_json.hpp"

namespace darkroom {

namespace {

struct add_flags {
  command_flags common;
  std::string name;
  std::string data = "{}";
  std::string options = "{}"; ///< JSON, overrides Darkroom's defaults
  std::string bulk;           ///< file of jobs, "-" for the standard input
  uint64_t count = 1;
  std::chrono::milliseconds delay{0};
  uint32_t priority = 0;
  std::string id;
  uint32_t attempts = 0;
  bool is_lifo = false;
  bool is_forced = false; ///< allows unknown job types
  bool is_json = false;
};

/// The options of --options, overridden by the other flags.
result<nlohmann::json> options_of(const add_flags& flags) {
  auto out = parse_json(flags.options);
  if (!out)
    return fail(ec::bad_input, "--options is " + out.error().context);
  if (!out->is_object())
    return fail(ec::bad_input, "--options is not a JSON object");
  if (flags.delay.count() > 0)
    (*out)["delay"] = flags.delay.count();
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
  return with_checked_options(std::move(job), *options);
}

/// Tells what an answer that consists of ids would hide.
void say_added(const add_flags& flags, const std::string& id, bool existed,
               bool is_new_queue, const std::string& queue) {
  if (flags.is_json) {
    nlohmann::json out{{"id", id}};
    if (existed)
      out["existed"] = true;
    if (is_new_queue)
      out["newQueue"] = true;
    say(shown_json(out));
    return;
  }
  say(id);
  if (existed)
    note("job " + id + " was there already: nothing was added");
  if (is_new_queue)
    note("queue '" + queue + "' is new: it was made for this job");
}

int run_add(const add_flags& flags) {
  auto loaded = flags.common.load_or_exit();
  const auto& config = loaded.values;
  if (flags.name.empty() && flags.bulk.empty())
    return report(fail(ec::bad_input, "the job's name is empty: give its type, "
                                      "such as generate-metadata"));
  auto described = job_of(flags, config.jobs);
  if (!described)
    return report(described.error());
  const auto& job = *described;
  bulk_request bulk{config, job, flags.is_forced, flags.is_json};
  if (!flags.bulk.empty())
    return add_lines(bulk, flags.bulk);
  if (auto known = check_job_type(job.name, flags.is_forced); !known)
    return report(known.error());
  if (flags.count != 1)
    return add_copies(bulk, flags.count);
  queue_admin admin{config.redis, config.queue};
  auto found = admin.require_queue();
  if (!found && found.error().code != ec::not_found)
    return report(found.error());
  job_queue queue{config.redis, config.queue};
  auto ids = queue.add({job}, wall_clock_ms());
  if (!ids)
    return report(ids.error());
  say_added(flags, ids->front(), queue.existed() > 0,
            !found && is_queue_asked_for(loaded), config.queue.name);
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
  add_number(*command, "--count", flags->count, {1, INT64_MAX},
             "add this many equal jobs")
    ->excludes(bulk);
  command->add_option("--data", flags->data, "job data, JSON");
  command->add_option("--options", flags->options,
                      "BullMQ's options, JSON: jobId, deduplication, parent, "
                      "removeOnComplete, ...");
  add_duration(*command, "--delay", flags->delay,
               "time until it may start: 5s; or ms");
  add_number(*command, "--priority", flags->priority, {0, 2097151},
             "1 (first) to 2097151; without it before all of these");
  command->add_flag("--lifo", flags->is_lifo, "next in line");
  command->add_option("--job-id", flags->id,
                      "the job's id; added once as long as it is kept");
  add_number(*command, "--attempts", flags->attempts, {1, UINT32_MAX},
             "attempts in all; without it [jobs] attempts");
  command->add_flag("--force", flags->is_forced,
                    "also job types that Darkroom does not run: for other "
                    "workers of the queue");
  command->add_flag("--json", flags->is_json, "answer as JSON");
  command->final_callback([flags] { std::exit(run_add(*flags)); });
}

} // namespace darkroom
