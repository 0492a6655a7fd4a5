/// `darkroom resume`: calls a provider again that rests.
#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/redis/job_queue.hpp"
#include "services/text/shown_json.hpp"

namespace darkroom {

namespace {

struct resume_flags {
  command_flags common;
  std::string resource;
  bool is_json = false;
};

int resume(const resume_flags& flags, const settings& config) {
  job_queue queue{config.redis, config.queue, queue_context_of(config)};
  auto ended = queue.end_rest(flags.resource, true, wall_clock_ms());
  if (!ended)
    return report(ended.error());
  if (flags.is_json)
    say(shown_json({{"resumed", *ended}}));
  else if (ended->empty())
    say("no provider of '" + flags.resource
        + "' rests; jobs that waited for one try it now");
  else
    say(joined(*ended)
        + ": the next call goes first, and all others follow if "
          "it is answered");
  return exit_ok;
}

int run_resume(const resume_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  return note_deed(config,
                   {"darkroom resume", flags.resource, resume(flags, config)});
}

} // namespace

void add_resume_command(CLI::App& program) {
  auto* resume = program.add_subcommand(
    "resume", "calls a provider again that rests, without waiting longer");
  auto flags = std::make_shared<resume_flags>();
  flags->common.add_to(*resume);
  flags->common.add_setting(*resume, "--queue", "queue.name", "the queue");
  add_word(*resume, "resource", flags->resource,
           {"resource",
            {"vision", "embedding"},
            {{"metadata", "vision"}, {"embeddings", "embedding"}}},
           "vision or embedding")
    ->required();
  resume->add_flag("--json", flags->is_json, "answer as JSON");
  resume->final_callback([flags] { std::exit(run_resume(*flags)); });
}

} // namespace darkroom
