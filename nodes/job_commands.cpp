/// `darkroom jobs` and `darkroom job`: looks at jobs, and what is done to one.
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/job_json.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/queue_admin.hpp"

#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

struct list_flags {
  command_flags common;
  std::string state = "waiting";
  uint32_t page = 0;
  bool is_json = false;
};

constexpr uint32_t jobs_a_page = 50;

std::string summary_of(const json& job) {
  auto line = job["id"].get<std::string>() + "  " + job.value("name", "?")
              + "  " + write_json(job.value("data", json{}));
  auto reason = job.value("failedReason", "");
  return reason.empty() ? line : line + "  failed: " + reason;
}

int run_jobs(const list_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  job_queue queue{config.redis, config.queue};
  auto found = queue.list(flags.state, flags.page * jobs_a_page, jobs_a_page);
  if (!found)
    return report(found.error());
  auto jobs = json::array();
  for (const auto& x : *found)
    jobs.push_back(to_json(x));
  if (flags.is_json)
    say(write_json(jobs));
  else
    for (const auto& x : jobs)
      say(summary_of(x));
  return exit_ok;
}

struct job_flags {
  command_flags common;
  std::string action;
  std::string id;
  std::string main;
  bool is_fresh = false;
  bool is_json = false;
};

int run_why(job_queue& queue, const job_flags& flags) {
  auto now = wall_clock_ms();
  auto text = queue.explain(flags.id, now);
  if (!text)
    return report(text.error());
  auto place = parse_json(*text);
  if (text->empty() || !place)
    return report(fail(ec::not_found, "there is no job " + flags.id));
  if (flags.is_json) {
    say(*text);
    return exit_ok;
  }
  for (const auto& line : explain_text(flags.id, *place, now))
    say(line);
  return exit_ok;
}

int run_show(job_queue& queue, queue_admin& admin, const job_flags& flags) {
  auto job = admin.find(flags.id);
  if (!job)
    return report(job.error());
  auto text = queue.explain(flags.id, wall_clock_ms());
  if (!text)
    return report(text.error());
  auto out = to_json(*job);
  if (auto place = parse_json(*text); place)
    out["state"] = text_member(*place, "state");
  if (flags.is_json)
    say(write_json(out));
  else
    print_job(out);
  return exit_ok;
}

int run_logs(queue_admin& admin, const job_flags& flags) {
  auto lines = admin.logs(flags.id);
  if (!lines)
    return report(lines.error());
  if (flags.is_json)
    say(write_json(*lines));
  else
    for (const auto& line : *lines)
      say(line);
  return exit_ok;
}

// -- cancel -------------------------------------------------------------------

int say_done(const job_flags& flags, const std::string& what) {
  say(flags.is_json ? write_json({{"id", flags.id}, {"done", what}})
                    : "job " + flags.id + ": " + what);
  return exit_ok;
}

int run_cancel(queue_admin& admin, const job_flags& flags,
               const settings& config) {
  auto answer = ask_main(main_url(flags.main, config.http) + "/api/jobs/"
                           + percent_encoded(flags.id) + "/cancel",
                         "{}");
  if (answer)
    return say_done(flags, text_member(*answer, "done"));
  if (answer.error().code == ec::upstream_refused
      || answer.error().code == ec::bad_config)
    return report(answer.error());
  // No main node: what has not started needs none.
  auto done = admin.cancel(flags.id, wall_clock_ms());
  if (!done)
    return report(done.error());
  if (!*done)
    return report(fail(ec::conflict,
                       "job " + flags.id + " runs, and no main node answers ("
                         + answer.error().context + "): name one with --main"));
  return say_done(flags, "cancelled");
}

int run_job(const job_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  queue_admin admin{config.redis, config.queue};
  auto now = wall_clock_ms();
  if (flags.action == "cancel")
    return run_cancel(admin, flags, config);
  if (flags.action == "logs")
    return run_logs(admin, flags);
  if (flags.action == "why" || flags.action == "show") {
    job_queue queue{config.redis, config.queue};
    return flags.action == "why" ? run_why(queue, flags)
                                 : run_show(queue, admin, flags);
  }
  auto done = flags.action == "retry"
                ? admin.retry(flags.id, flags.is_fresh, now)
              : flags.action == "promote" ? admin.promote(flags.id, now)
                                          : admin.remove(flags.id, now);
  if (!done)
    return report(done.error());
  return say_done(flags, flags.action == "retry"     ? "retried"
                         : flags.action == "promote" ? "promoted"
                                                     : "removed");
}

void add_list_command(CLI::App& program) {
  auto* jobs = program.add_subcommand("jobs", "lists jobs of one state");
  auto flags = std::make_shared<list_flags>();
  flags->common.add_to(*jobs);
  flags->common.add_setting(*jobs, "--queue", "queue.name", "the queue");
  jobs->add_option("--state", flags->state,
                   "waiting, active, delayed, prioritized, completed, failed, "
                   "waiting-children");
  jobs->add_option("--page", flags->page, "pages of 50, from 0");
  jobs->add_flag("--json", flags->is_json, "answer as JSON");
  jobs->final_callback([flags] { std::exit(run_jobs(*flags)); });
}

} // namespace

void add_job_commands(CLI::App& program) {
  add_list_command(program);
  auto* job = program.add_subcommand("job", "shows one job, or acts on it");
  auto flags = std::make_shared<job_flags>();
  flags->common.add_to(*job);
  flags->common.add_setting(*job, "--queue", "queue.name", "the queue");
  job
    ->add_option("action", flags->action,
                 "show, logs; why: what it waits for; retry: once more; "
                 "promote: now; cancel: fails it for good; remove")
    ->required()
    ->check(CLI::IsMember(
      {"show", "logs", "why", "retry", "promote", "cancel", "remove"}));
  job->add_option("id", flags->id, "the job's id")->required();
  job->add_flag("--fresh", flags->is_fresh, "retry: with all its attempts");
  job->add_option("--main", flags->main,
                  "cancel: URL of the main node; else that of [http]");
  job->add_flag("--json", flags->is_json, "answer as JSON");
  job->final_callback([flags] { std::exit(run_job(*flags)); });
}

} // namespace darkroom
