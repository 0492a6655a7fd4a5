/// `darkroom dead`: jobs that failed for good.
#include "config/clock.hpp"
#include "config/units.hpp"
#include "nodes/command.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/dead_letters.hpp"
#include "services/redis/explain_text.hpp"

#include <optional>
#include <thread>

namespace darkroom {

namespace {

using nlohmann::json;

struct dead_flags {
  command_flags common;
  std::string action = "list";
  std::string id;
  std::string name;
  std::string error;
  std::string older;
  std::string newer;
  std::string rate;
  std::optional<uint64_t> limit;
  bool is_sure = false;
  bool is_json = false;
};

constexpr uint64_t listed = 50; // without --limit

result<dead_filter> filter_of(const dead_flags& flags, int64_t now) {
  dead_filter out;
  out.name = flags.name;
  if (auto set = out.set_error(flags.error); !set)
    return std::move(set.error());
  auto read = [now](const char* flag, const std::string& text,
                    int64_t& into) -> status {
    if (text.empty())
      return ok;
    auto span = parse_duration(text);
    if (!span)
      return fail(ec::bad_input,
                  std::string{flag} + " " + span.error().context);
    into = now - span->count();
    return ok;
  };
  if (auto set = read("--older", flags.older, out.older_than); !set)
    return std::move(set.error());
  if (auto set = read("--newer", flags.newer, out.newer_than); !set)
    return std::move(set.error());
  return out;
}

/// "10/s" or "100/5m" as the time between two; none for an empty text.
result<std::chrono::microseconds> pace_of(const std::string& rate) {
  if (rate.empty())
    return std::chrono::microseconds{0};
  auto slash = rate.find('/');
  auto count = parse_number(rate.substr(0, slash));
  auto unit = slash == rate.npos ? std::string{"s"} : rate.substr(slash + 1);
  auto is_bare = !unit.empty() && (unit[0] < '0' || unit[0] > '9');
  auto window = parse_duration(is_bare ? "1" + unit : unit);
  if (!count || *count <= 0 || !window || window->count() <= 0)
    return fail(ec::bad_input,
                "--rate '" + rate + "' is no rate: such as 10/s or 100/5m");
  return std::chrono::microseconds{*window} / *count;
}

std::string dead_line(const json& job) {
  auto ended = job.value("finishedOn", int64_t{0});
  auto node = job.value("processedBy", "");
  return job["id"].get<std::string>() + "  " + job.value("name", "?") + "  "
         + local_time(ended) + "  attempt "
         + std::to_string(job.value("attemptsMade", int64_t{0}))
         + (node.empty() ? "" : " on " + node) + ": "
         + job.value("failedReason", "");
}

int run_list(queue_admin& admin, const dead_flags& flags,
             const dead_filter& filter, int64_t now) {
  auto most = flags.limit.value_or(listed);
  auto found = json::array();
  auto walked = each_dead(admin, filter, true, now,
                          [&](const stored_job& x) -> result<visited> {
                            if (most > 0 && found.size() == most)
                              return visited::last;
                            found.push_back(to_json(x));
                            return visited::kept;
                          });
  if (!walked)
    return report(walked.error());
  if (flags.is_json)
    say(write_json(found));
  else
    for (const auto& x : found)
      say(dead_line(x));
  return exit_ok;
}

int run_show(queue_admin& admin, const dead_flags& flags) {
  if (flags.id.empty())
    return report(fail(ec::bad_input, "show needs the job's id"));
  auto job = admin.find(flags.id);
  if (!job)
    return report(job.error());
  auto out = to_json(*job);
  if (!out.contains("failedReason") || !out.contains("finishedOn"))
    return report(fail(ec::conflict, "job " + flags.id + " is not dead"));
  if (flags.is_json)
    say(write_json(out));
  else
    print_job(out);
  return exit_ok;
}

/// Acts on each that fits, oldest first. @returns how many it did
result<uint64_t>
act_on_each(queue_admin& admin, const dead_flags& flags,
            const dead_filter& filter, int64_t now,
            const std::function<status(const std::string&)>& act) {
  uint64_t done = 0;
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
      ++done;
      return visited::gone;
    });
  if (!walked)
    return std::move(walked.error());
  return done;
}

int report_done(const result<uint64_t>& done, const char* what, bool is_json) {
  if (!done)
    return report(done.error());
  say(is_json ? write_json({{what, *done}})
              : std::to_string(*done) + " jobs " + what);
  return exit_ok;
}

int run_redrive(queue_admin& admin, const dead_flags& flags,
                const dead_filter& filter, int64_t now) {
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
  return report_done(act_on_each(admin, flags, filter, now, redrive),
                     "redriven", flags.is_json);
}

int run_purge(queue_admin& admin, const dead_flags& flags,
              const dead_filter& filter, int64_t now) {
  if (!flags.is_sure)
    return report(fail(ec::bad_input, "purge removes dead jobs for good: see "
                                      "`darkroom dead list` with the same "
                                      "flags, then repeat it with --yes"));
  return report_done(act_on_each(admin, flags, filter, now,
                                 [&](const std::string& id) {
                                   return admin.remove(id, wall_clock_ms());
                                 }),
                     "removed", flags.is_json);
}

int run_dead(const dead_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto now = wall_clock_ms();
  auto filter = filter_of(flags, now);
  if (!filter)
    return report(filter.error());
  queue_admin admin{config.redis, config.queue};
  if (flags.action == "show")
    return run_show(admin, flags);
  if (flags.action == "redrive")
    return run_redrive(admin, flags, *filter, now);
  if (flags.action == "purge")
    return run_purge(admin, flags, *filter, now);
  return run_list(admin, flags, *filter, now);
}

} // namespace

void add_dead_command(CLI::App& program) {
  auto* dead = program.add_subcommand("dead",
                                      "jobs that failed for good: looks at "
                                      "them, runs them again, removes them");
  auto flags = std::make_shared<dead_flags>();
  flags->common.add_to(*dead);
  flags->common.add_setting(*dead, "--queue", "queue.name", "the queue");
  dead
    ->add_option("action", flags->action,
                 "list (default), show, redrive: back in line with all their "
                 "attempts; purge: removes them")
    ->check(CLI::IsMember({"list", "show", "redrive", "purge"}));
  dead->add_option("id", flags->id, "show, redrive: this job");
  dead->add_option("--name", flags->name, "of this type");
  dead->add_option("--error", flags->error,
                   "whose failure contains this text, or matches /this/");
  dead->add_option("--older", flags->older, "that failed so long ago: 1h");
  dead->add_option("--newer", flags->newer, "that failed since: 10m");
  dead->add_option("--limit", flags->limit,
                   "so many; 0 = all (list: 50 if not given)");
  dead->add_option("--rate", flags->rate, "redrive: so many a time: 10/s");
  dead->add_flag("--yes", flags->is_sure, "purge: for good");
  dead->add_flag("--json", flags->is_json, "answer as JSON");
  dead->final_callback([flags] { std::exit(run_dead(*flags)); });
}

} // namespace darkroom
