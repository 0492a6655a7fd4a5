#include "nodes/bulk_add.hpp"

#include "nodes/command.hpp"
#include "services/json/json.hpp"
#include "services/redis/bulk_adder.hpp"
#include "services/redis/job_line.hpp"

#include <fstream>
#include <iostream>

namespace darkroom {

namespace {

/// What is done where one line is wrong: what came before it is added.
status add_all(bulk_adder& adder, const new_job& base, std::istream& lines) {
  std::string line;
  for (uint64_t number = 1; std::getline(lines, line); ++number) {
    if (line.empty())
      continue;
    auto job = read_job_line(line, base);
    if (!job) {
      auto finished = adder.finish();
      if (!finished)
        return finished;
      return fail(job.error().code, "line " + std::to_string(number) + ": "
                                      + job.error().context);
    }
    auto added = adder.add(std::move(*job));
    if (!added)
      return added;
  }
  return adder.finish();
}

int tell(const bulk_report& done, const status& how, bool is_json) {
  if (is_json)
    say(write_json({{"added", done.added},
                    {"first", done.first_id},
                    {"last", done.last_id}}));
  else if (done.added > 0)
    say("added " + std::to_string(done.added) + " jobs, ids " + done.first_id
        + " to " + done.last_id);
  return how ? exit_ok : report(how.error());
}

} // namespace

int add_lines(const settings& config, const new_job& base,
              const std::string& file, bool is_json) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file);
    if (!opened)
      return report(fail(ec::bad_input, "--bulk: cannot read " + file));
  }
  job_queue queue{config.redis, config.queue};
  bulk_adder adder{queue};
  std::ios::sync_with_stdio(false);
  auto how = add_all(adder, base, file == "-" ? std::cin : opened);
  return tell(adder.report(), how, is_json);
}

int add_copies(const settings& config, const new_job& job, uint64_t count,
               bool is_json) {
  job_queue queue{config.redis, config.queue};
  bulk_adder adder{queue};
  status how = ok;
  for (uint64_t i = 0; i < count && how; ++i)
    how = adder.add(job);
  if (how)
    how = adder.finish();
  return tell(adder.report(), how, is_json);
}

} // namespace darkroom
