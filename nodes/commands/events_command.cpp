/// `darkroom events`: what happens in the queue, from its event stream.
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/event_lines.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/signals.hpp"
#include "services/redis/explain_text.hpp"
#include "services/terminal/terminal.hpp"
#include "services/text/shown_json.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr uint32_t most_last = 10000;
constexpr milliseconds look_patience{
  300}; ///< per look, so that signals are heard
constexpr milliseconds no_time{1};
constexpr milliseconds pause_without_redis{1000};

struct events_flags {
  command_flags common;
  bool is_followed = false;
  bool is_json = false;
  std::string since;
  std::optional<uint32_t> last;
  std::string types;
  event_choice choice;
};

/// Reads "a,b".
status read_types(const std::string& text, std::set<std::string>& into) {
  std::istringstream list{text};
  for (std::string word; std::getline(list, word, ',');) {
    auto wrong = judge_word(word, {"type",
                                   event_types(),
                                   {{"added", "job-queued"},
                                    {"failed", "job-failed"},
                                    {"completed", "job-completed"},
                                    {"active", "job-active"},
                                    {"progress", "job-progress"}}});
    if (!wrong.empty())
      return fail(ec::bad_input, "--type " + wrong);
    into.insert(word);
  }
  return ok;
}

status print_events(event_log& log, const std::vector<queue_event>& events,
                    const events_flags& flags) {
  auto about = log.subjects_of(events);
  if (!about)
    return std::move(about.error());
  auto columns = columns_of_stdout();
  auto is_coloured = may_colour(STDOUT_FILENO);
  for (const auto& x : events) {
    auto shown = to_json(x, (*about)[x.job_id]);
    if (is_chosen(shown, flags.choice))
      say(flags.is_json ? shown_json(shown)
                        : event_line(shown, columns, is_coloured));
  }
  return ok;
}

status begin(event_log& log, const events_flags& flags, int64_t now) {
  if (flags.since.empty())
    return log.open_last(flags.last.value_or(flags.is_followed ? 0 : 20));
  auto start = read_event_start(flags.since, now);
  if (!start)
    return std::move(start.error());
  if (start->after.empty())
    log.open_at(start->time);
  else
    log.open_after(start->after);
  auto oldest = log.oldest();
  if (!oldest)
    return std::move(oldest.error());
  auto wanted = start->after.empty() ? start->time
                                     : std::atoll(start->after.c_str());
  if (*oldest > wanted)
    note("Redis keeps the events since " + local_time(*oldest)
         + "; older ones, if there were any, are gone");
  return ok;
}

/// Prints what there is until `end` (ms).
status print_up_to(event_log& log, const events_flags& flags, int64_t end) {
  wake_signal never;
  for (;;) {
    auto events = log.next(no_time, never);
    if (!events)
      return std::move(events.error());
    if (auto printed = print_events(log, *events, flags); !printed)
      return printed;
    if (events->empty() || events->back().at > end)
      return ok;
  }
}

int follow(event_log& log, const events_flags& flags) {
  wake_signal never;
  auto is_away = false;
  while (!is_told_to_stop(milliseconds{0}) && std::ferror(stdout) == 0) {
    auto events = log.next(look_patience, never);
    auto done = events ? print_events(log, *events, flags)
                       : status{std::move(events.error())};
    if (done) {
      is_away = false;
      continue;
    }
    if (done.error().code != ec::redis_unavailable)
      return report(done.error());
    if (!std::exchange(is_away, true))
      note(done.error().context + "; waiting for it");
    (void)is_told_to_stop(pause_without_redis);
  }
  return exit_ok;
}

int run_events(events_flags& flags) {
  if (auto read = read_types(flags.types, flags.choice.types); !read)
    return report(read.error());
  if (flags.last && !flags.since.empty())
    return report(fail(ec::bad_input, "--last and --since exclude each other"));
  auto config = load_queue_or_exit(flags.common);
  event_log log{config.redis, config.queue};
  auto now = wall_clock_ms();
  if (auto begun = begin(log, flags, now); !begun)
    return report(begun.error());
  if (auto printed = print_up_to(log, flags, now); !printed)
    return report(printed.error());
  return flags.is_followed ? follow(log, flags) : exit_ok;
}

} // namespace

void add_events_command(CLI::App& program) {
  auto* events = program.add_subcommand(
    "events", "what happens in the queue: who was added, ran, failed");
  auto flags = std::make_shared<events_flags>();
  flags->common.add_to(*events);
  flags->common.add_setting(*events, "--queue", "queue.name", "the queue");
  events->add_flag("--follow,-f", flags->is_followed,
                   "goes on until it is stopped");
  events->add_option("--since", flags->since,
                     "from then on: 10m, 2026-11-29T08:30:00Z, ms, or after "
                     "the id of an event");
  add_number(*events, "--last", flags->last, {0, most_last},
             "the newest so many (20; with --follow 0)");
  auto* types = events->add_option("--type", flags->types,
                                   "only these, with commas: "
                                   "job-failed,job-stalled");
  note_words(types, event_types());
  events->add_option("--job", flags->choice.job_id, "only of this job");
  events->add_option("--image", flags->choice.image_id,
                     "only of jobs of this image");
  events->add_flag("--json", flags->is_json, "one JSON object per line");
  events->final_callback([flags] { std::exit(run_events(*flags)); });
}

} // namespace darkroom
