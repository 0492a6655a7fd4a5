#include "nodes/commands/bulk_add.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/nearest.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/job_lines.hpp"
#include "services/redis/bulk_adder.hpp"
#include "services/redis/job_line.hpp"
#include "services/terminal/progress_bar.hpp"
#include "services/text/shown_json.hpp"

#include <functional>

namespace darkroom {

namespace {

result<new_job> read_line(const bulk_request& asked, const std::string& line) {
  auto job = read_job_line(line, asked.base);
  if (!job)
    return job;
  if (auto known = check_job_type(job->name, asked.is_forced); !known)
    return std::move(known.error());
  return job;
}

/// Reads all jobs from the beginning, and passes each to `take`.
status each_job(const bulk_request& asked, job_lines& lines,
                const std::function<status(new_job)>& take) {
  if (auto back = lines.rewind(); !back)
    return back;
  std::string line;
  for (uint64_t number = 1; lines.next(line); ++number) {
    if (line.find_first_not_of(" \t\r") == line.npos)
      continue;
    auto job = read_line(asked, line);
    if (!job)
      return fail(job.error().code, "line " + std::to_string(number) + ": "
                                      + job.error().context);
    if (auto taken = take(std::move(*job)); !taken)
      return taken;
  }
  return lines.failure();
}

int tell_added(const bulk_report& done, const status& how, bool is_json) {
  if (is_json) {
    nlohmann::json out{
      {"added", done.added}, {"first", done.first_id}, {"last", done.last_id}};
    if (done.existed > 0)
      out["existed"] = done.existed;
    say(shown_json(out));
  } else if (done.added == 1) {
    tell("added 1 job, id " + done.first_id);
  } else if (done.added > 0) {
    tell("added " + counted(done.added, "job") + ", ids " + done.first_id
         + " to " + done.last_id);
  }
  if (!is_json && done.existed > 0)
    note("of these, " + counted(done.existed, "job")
         + (done.existed == 1 ? " was" : " were")
         + " there already, under the same id or deduplication id");
  return how ? exit_ok : report(how.error());
}

} // namespace

status check_job_type(const std::string& name, bool is_forced) {
  if (is_forced || find_job_type(name, true))
    return ok;
  auto known = job_type_names();
  std::string list;
  for (const auto& each : known)
    list += (list.empty() ? "" : ", ") + each;
  auto meant = suggestion(name, known);
  return fail(ec::bad_input, "there is no job type '" + name + "'"
                               + (meant.empty() ? ". " : meant + " ")
                               + "Types are " + list
                               + "; --force adds it for other workers");
}

int add_lines(const bulk_request& asked, const std::string& file) {
  auto lines = job_lines::open(file);
  if (!lines)
    return report(lines.error());
  uint64_t all = 0;
  auto good = each_job(asked, *lines, [&all](const new_job&) -> status {
    ++all;
    return ok;
  });
  if (!good)
    return report(fail(good.error().code, "--bulk: " + good.error().context
                                            + " (nothing was added)"));
  job_queue queue{asked.config.redis, asked.config.queue};
  bulk_adder adder{queue};
  progress_bar bar{"job"};
  uint64_t sent = 0;
  auto how = each_job(asked, *lines, [&](new_job job) {
    bar.show(++sent, all);
    return adder.add(std::move(job));
  });
  if (how)
    how = adder.finish();
  bar.clear();
  return tell_added(adder.report(), how, asked.is_json);
}

int add_copies(const bulk_request& asked, uint64_t count) {
  job_queue queue{asked.config.redis, asked.config.queue};
  bulk_adder adder{queue};
  status how = ok;
  progress_bar bar{"job"};
  for (uint64_t i = 0; i < count && how; ++i) {
    bar.show(i, count);
    how = adder.add(asked.base);
  }
  if (how)
    how = adder.finish();
  bar.clear();
  return tell_added(adder.report(), how, asked.is_json);
}

} // namespace darkroom
