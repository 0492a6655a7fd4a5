/// `darkroom job`: shows one job, or acts on it.
#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/failure_teller.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/job_json.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/text/percent.hpp"
#include "services/text/shown_json.hpp"

namespace darkroom {

namespace {

struct job_flags {
  command_flags common;
  std::string action;
  std::string id;
  main_choice main;
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
    tell(line);
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
    say(shown_json(out));
  else
    print_job(out);
  return exit_ok;
}

int run_logs(queue_admin& admin, const job_flags& flags) {
  auto lines = admin.logs(flags.id);
  if (!lines)
    return report(lines.error());
  if (flags.is_json)
    say(shown_json(*lines));
  else
    for (const auto& line : *lines)
      tell(line);
  return exit_ok;
}

// -- cancel -------------------------------------------------------------------

int say_done(const job_flags& flags, const std::string& what) {
  if (flags.is_json)
    say(shown_json({{"id", flags.id}, {"done", what}}));
  else
    tell("job " + flags.id + ": " + what);
  return exit_ok;
}

/// Without a main node, a job that has not started can still be cancelled.
/// @param why no main node answers
int cancel_in_line(queue_admin& admin, const job_flags& flags,
                   const settings& config, const error& why) {
  auto job = admin.find(flags.id);
  if (!job)
    return report(job.error());
  auto done = admin.cancel(flags.id, wall_clock_ms());
  if (!done)
    return report(done.error());
  if (!*done)
    return report(
      fail(ec::conflict, "job " + flags.id + " runs, and no main node answers ("
                           + why.context + "): name one with --main"));
  failure_teller teller{config};
  teller.tell({failed_job_of(*job, cancel_reason)});
  teller.report();
  return say_done(flags, "cancelled");
}

int run_cancel(queue_admin& admin, const job_flags& flags,
               const settings& config) {
  auto answer = ask_main(main_at(flags.main, config.http) + "/api/jobs/"
                           + percent_encoded(flags.id) + "/cancel",
                         "{}");
  if (answer)
    return say_done(flags, text_member(*answer, "done"));
  if (answer.error().code == ec::upstream_refused
      || answer.error().code == ec::bad_config)
    return report(answer.error());
  return note_deed(config,
                   {"darkroom job cancel", flags.id,
                    cancel_in_line(admin, flags, config, answer.error())});
}

int run_remove(queue_admin& admin, const job_flags& flags,
               const settings& config) {
  failure_teller teller{config};
  teller.watch(admin);
  auto done = admin.remove(flags.id, wall_clock_ms());
  teller.report();
  return note_deed(config,
                   {"darkroom job remove", flags.id,
                    done ? say_done(flags, "removed") : report(done.error())});
}

int run_job(const CLI::App& command, const job_flags& flags) {
  auto fitting = check_flags(
    command, flags.action,
    {{"--fresh", {"retry"}}, {"--main", {"cancel"}}, {"--ca", {"cancel"}}});
  if (!fitting)
    return report(fitting.error());
  auto config = load_queue_or_exit(flags.common);
  queue_admin admin{config.redis, config.queue};
  auto now = wall_clock_ms();
  if (flags.action == "cancel")
    return run_cancel(admin, flags, config);
  if (flags.action == "remove")
    return run_remove(admin, flags, config);
  if (flags.action == "logs")
    return run_logs(admin, flags);
  if (flags.action == "why" || flags.action == "show") {
    job_queue queue{config.redis, config.queue, queue_context_of(config)};
    return flags.action == "why" ? run_why(queue, flags)
                                 : run_show(queue, admin, flags);
  }
  auto is_retry = flags.action == "retry";
  auto done = is_retry ? admin.retry(flags.id, flags.is_fresh, now)
                       : admin.promote(flags.id, now);
  return note_deed(config,
                   {"darkroom job " + flags.action, flags.id,
                    done ? say_done(flags, is_retry ? "retried" : "promoted")
                         : report(done.error())});
}

known_words job_actions() {
  return {"action",
          {"show", "logs", "why", "retry", "promote", "cancel", "remove"},
          {{"delete", "remove"},
           {"rm", "remove"},
           {"info", "show"},
           {"get", "show"},
           {"inspect", "show"},
           {"explain", "why"},
           {"redrive", "retry"},
           {"rerun", "retry"},
           {"restart", "retry"},
           {"run", "promote"},
           {"stop", "cancel"},
           {"kill", "cancel"},
           {"abort", "cancel"}}};
}

} // namespace

void add_job_command(CLI::App& program) {
  auto* job = program.add_subcommand("job", "shows one job, or acts on it");
  auto flags = std::make_shared<job_flags>();
  flags->common.add_to(*job);
  flags->common.add_setting(*job, "--queue", "queue.name", "the queue");
  add_word(*job, "action", flags->action, job_actions(),
           "show, logs; why: what it waits for; retry: once more; "
           "promote: now; cancel: fails it for good; remove")
    ->required();
  job->add_option("id", flags->id, "the job's id")->required();
  job->add_flag("--fresh", flags->is_fresh, "retry: with all its attempts");
  flags->main.add_to(*job, "cancel: ");
  job->add_flag("--json", flags->is_json, "answer as JSON");
  job->final_callback([job, flags] { std::exit(run_job(*job, *flags)); });
}

} // namespace darkroom
