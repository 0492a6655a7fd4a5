/// `darkroom dead`: jobs that failed for good.
#include "config/clock.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/confirm.hpp"
#include "nodes/commands/dead_flags.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/failure_teller.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/terminal/progress_bar.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

#include <optional>
#include <thread>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr uint64_t listed_by_default = 50; // without --limit

/// Most jobs that are counted beyond a list: each must be read to see if it
/// fits.
constexpr uint64_t most_counted = 10000;

void print_dead(const json& jobs, uint64_t more, int64_t now) {
  text_table table{
    {"id", "name", "failed", "age", "attempts", "node", "failure"}};
  for (const auto& x : jobs) {
    auto ended = number_in(x, "finishedOn");
    auto node = text_member(x, "processedBy");
    table.add({x["id"].get<std::string>(), x.value("name", "?"),
               local_time(ended), span_text(std::max<int64_t>(now - ended, 0)),
               std::to_string(number_in(x, "attemptsMade")),
               node.empty() ? "-" : node, text_member(x, "failedReason")});
  }
  say_table(table);
  if (more > 0)
    say((more > most_counted ? "at least " : "")
        + counted(std::min(more, most_counted), "more job")
        + ": --limit 0 lists all");
}

/// Counts the jobs that a list left out, if the filter has no text.
result<uint64_t> count_more(queue_admin& admin, const job_filter& filter,
                            uint64_t shown, int64_t now) {
  dead_page range;
  range.newer_than = filter.newer_than;
  range.older_than = filter.older_than > 0 ? filter.older_than : now;
  auto all = admin.count_dead(range);
  if (!all)
    return all;
  return *all > shown ? *all - shown : 0;
}

int run_list(queue_admin& admin, const dead_flags& flags,
             const job_filter& filter, int64_t now) {
  auto most = flags.limit.value_or(listed_by_default);
  auto found = json::array();
  uint64_t more = 0;
  auto counts = filter.has_text() && !flags.is_json;
  auto walked = each_dead(
    admin, filter, true, now, [&](const stored_job& x) -> result<visited> {
      if (most > 0 && found.size() == most)
        return counts && ++more <= most_counted ? visited::kept : visited::last;
      found.push_back(to_json(x));
      return visited::kept;
    });
  if (!walked)
    return report(walked.error());
  if (flags.is_json) {
    say(shown_json(found));
    return exit_ok;
  }
  if (!filter.has_text() && most > 0 && found.size() == most) {
    auto left = count_more(admin, filter, most, now);
    if (!left)
      return report(left.error());
    more = std::min(*left, most_counted + 1);
  }
  print_dead(found, more, now);
  return exit_ok;
}

/// Refuses a job that the operator named but that is not dead.
status require_dead(queue_admin& admin, const std::string& id) {
  auto job = admin.find(id);
  if (!job)
    return std::move(job.error());
  auto shown = to_json(*job);
  if (shown.contains("failedReason") && shown.contains("finishedOn"))
    return ok;
  return fail(ec::conflict, "job " + id + " is not dead");
}

int run_show(queue_admin& admin, const dead_flags& flags) {
  if (flags.id.empty())
    return report(fail(ec::bad_input, "show needs the job's id"));
  if (auto dead = require_dead(admin, flags.id); !dead)
    return report(dead.error());
  auto job = admin.find(flags.id);
  if (!job)
    return report(job.error());
  auto out = to_json(*job);
  if (flags.is_json)
    say(shown_json(out));
  else
    print_job(out);
  return exit_ok;
}

/// Acts on each dead job that fits, oldest first. @returns how many
result<uint64_t>
act_on_each(queue_admin& admin, const dead_flags& flags,
            const job_filter& filter, int64_t now,
            const std::function<status(const std::string&)>& act) {
  uint64_t done = 0;
  progress_bar bar{"job"};
  auto walked = each_dead(
    admin, filter, false, now, [&](const stored_job& x) -> result<visited> {
      if (flags.limit && *flags.limit > 0 && done == *flags.limit)
        return visited::last;
      auto acted = act(x.id);
      if (!acted) {
        auto code = acted.error().code;
        if (code != ec::not_found && code != ec::conflict)
          return std::move(acted.error());
        return code == ec::conflict ? visited::kept : visited::gone;
      }
      bar.show(++done, flags.limit.value_or(0));
      return visited::gone;
    });
  if (!walked)
    return std::move(walked.error());
  return done;
}

int report_done(const result<uint64_t>& done, const char* what, bool is_json) {
  if (!done)
    return report(done.error());
  say(is_json ? shown_json({{what, *done}})
              : counted(*done, "job") + " " + what);
  return exit_ok;
}

int run_redrive(queue_admin& admin, const dead_flags& flags,
                const job_filter& filter, const std::string& queue,
                int64_t now) {
  auto pace = pace_of(flags.rate);
  if (!pace)
    return report(pace.error());
  auto next = std::chrono::steady_clock::now();
  auto redrive = [&](const std::string& id) {
    std::this_thread::sleep_until(next);
    next += *pace;
    return admin.retry(id, true, wall_clock_ms());
  };
  if (!flags.id.empty()) {
    auto done = redrive(flags.id);
    return done ? report_done(uint64_t{1}, "redriven", flags.is_json)
                : report(done.error());
  }
  if (is_everything(flags)) {
    auto sure = confirm("puts " + asked(flags) + " of queue '" + queue
                          + "' back in line",
                        flags.is_sure);
    if (!sure)
      return report(sure.error());
  }
  return report_done(act_on_each(admin, flags, filter, now, redrive),
                     "redriven", flags.is_json);
}

int run_purge(queue_admin& admin, const dead_flags& flags,
              const job_filter& filter, const std::string& queue, int64_t now) {
  auto what = flags.id.empty() ? asked(flags) : "dead job " + flags.id;
  auto sure = confirm("removes " + what + " of queue '" + queue + "' for good",
                      flags.is_sure);
  if (!sure)
    return report(sure.error());
  auto remove = [&admin](const std::string& id) {
    return admin.remove(id, wall_clock_ms());
  };
  if (flags.id.empty())
    return report_done(act_on_each(admin, flags, filter, now, remove),
                       "removed", flags.is_json);
  auto done = require_dead(admin, flags.id);
  if (done)
    done = remove(flags.id);
  return done ? report_done(uint64_t{1}, "removed", flags.is_json)
              : report(done.error());
}

const flag_actions dead_readers{{"--name", {"list", "redrive", "purge"}},
                                {"--error", {"list", "redrive", "purge"}},
                                {"--older", {"list", "redrive", "purge"}},
                                {"--newer", {"list", "redrive", "purge"}},
                                {"--limit", {"list", "redrive", "purge"}},
                                {"--rate", {"redrive"}},
                                {"--yes", {"redrive", "purge"}},
                                {"id", {"show", "redrive", "purge"}}};

int run_dead(const CLI::App& command, const dead_flags& flags) {
  auto fitting = check_flags(command, flags.action, dead_readers);
  if (!fitting)
    return report(fitting.error());
  auto config = load_queue_or_exit(flags.common);
  const auto& queue = config.queue.name;
  auto now = wall_clock_ms();
  auto filter = filter_of(flags, now);
  if (!filter)
    return report(filter.error());
  queue_admin admin{config.redis, config.queue};
  if (flags.action == "show")
    return run_show(admin, flags);
  auto target = flags.id.empty() ? asked(flags) + " of queue '" + queue + "'"
                                 : flags.id;
  if (flags.action == "redrive")
    return note_deed(config, {"darkroom dead redrive", target,
                              run_redrive(admin, flags, *filter, queue, now)});
  if (flags.action == "purge") {
    failure_teller teller{config}; // a dead job's children may still wait
    teller.watch(admin);
    auto code = run_purge(admin, flags, *filter, queue, now);
    teller.report();
    return note_deed(config, {"darkroom dead purge", target, code});
  }
  return run_list(admin, flags, *filter, now);
}

} // namespace

void add_dead_command(CLI::App& program) {
  auto* dead = program.add_subcommand("dead",
                                      "jobs that failed for good: looks at "
                                      "them, runs them again, removes them");
  auto flags = std::make_shared<dead_flags>();
  add_dead_flags(*dead, *flags);
  dead->final_callback([dead, flags] { std::exit(run_dead(*dead, *flags)); });
}

} // namespace darkroom
