/// `darkroom top`: the queue and its nodes, live.
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/commands/top_screen.hpp"
#include "nodes/main_api.hpp"
#include "nodes/signals.hpp"
#include "services/json/json.hpp"
#include "services/process/last_answer.hpp"
#include "services/text/percent.hpp"
#include "services/text/shown_json.hpp"

#include <unistd.h>

#include <cstdio>
#include <mutex>

namespace darkroom {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds shortest_pause{100};
constexpr milliseconds key_pause{100}; ///< a key waits no longer for a look
constexpr milliseconds cancel_patience{5000};
constexpr size_t printed_columns = 80;

struct top_flags {
  command_flags common;
  main_choice main;
  milliseconds every{1000};
  bool is_once = false;
  bool is_json = false;
};

struct top_run {
  settings config;
  main_nodes mains;
  milliseconds every;
};

/// A frame for no terminal. Its rates are those of one pause.
int print_once(const top_run& run, bool is_json) {
  top_source source{run.config, run.mains};
  (void)source.look({});
  (void)is_told_to_stop(run.every);
  auto seen = source.look({"active", {}});
  auto is_lost = seen["counts"].is_null();
  if (is_json) {
    say(shown_json(seen));
  } else {
    top_screen screen{false};
    screen.see(seen);
    for (const auto& line : screen.printed(printed_columns))
      say(line);
  }
  return is_lost ? exit_no_redis : exit_ok;
}

int print_objects(const top_run& run) {
  top_source source{run.config, run.mains};
  while (std::ferror(stdout) == 0) {
    say(shown_json(source.look({"active", {}})));
    if (is_told_to_stop(run.every))
      break;
  }
  return exit_ok;
}

/// "17: stopping", or why it cannot be cancelled.
std::string cancel(const top_run& run, const std::string& id) {
  auto answer = ask_main(main_nodes{run.mains}.at() + "/api/jobs/"
                           + percent_encoded(id) + "/cancel",
                         "{}", cancel_patience);
  return answer ? "job " + id + ": " + text_member(*answer, "done")
                : answer.error().context;
}

/// The wish of the screen, for the thread that looks.
class shared_wish {
public:
  void set(top_wish wish) {
    std::lock_guard guard{mutex_};
    wish_ = std::move(wish);
  }

  top_wish get() {
    std::lock_guard guard{mutex_};
    return wish_;
  }

private:
  std::mutex mutex_;
  top_wish wish_;
};

int show(const top_run& run) {
  using clock = std::chrono::steady_clock;
  top_source source{run.config, run.mains};
  shared_wish wish;
  last_answer<json> looks{"the look at the queue", [&] {
                            return source.look(wish.get());
                          }};
  auto terminal = screen::open();
  if (!terminal)
    return report(terminal.error());
  top_screen view{may_colour(STDOUT_FILENO)};
  auto due = clock::now();
  for (;;) {
    if (clock::now() >= due) {
      wish.set(view.wish());
      if (auto seen = looks.get(key_pause); seen.value)
        view.see(std::move(*seen.value));
      due = clock::now() + run.every;
    }
    (*terminal)->draw(view.frame((*terminal)->size()));
    auto left = std::chrono::ceil<milliseconds>(due - clock::now());
    auto input = (*terminal)->wait(std::max(left, milliseconds{0}));
    if (input.is_ended)
      return exit_ok;
    if (input.key.empty())
      continue;
    auto deed = view.press(input.key);
    if (deed.leaves)
      return exit_ok;
    if (!deed.cancels.empty())
      view.tell(cancel(run, deed.cancels));
    due = clock::now(); // another view may want other jobs
  }
}

int run_top(const top_flags& flags) {
  auto config = load_queue_or_exit(flags.common);
  top_run run{config, {flags.main, config.http}, flags.every};
  if (flags.every < shortest_pause)
    return report(fail(ec::bad_input, "--every must be at least 100ms"));
  if (flags.is_json && !flags.is_once)
    return print_objects(run);
  auto is_shown = can_redraw(STDOUT_FILENO) && ::isatty(STDIN_FILENO) == 1;
  return flags.is_once || !is_shown ? print_once(run, flags.is_json)
                                    : show(run);
}

} // namespace

void add_top_command(CLI::App& program) {
  auto* top = program.add_subcommand(
    "top", "the queue and its nodes, live; ? shows the keys");
  auto flags = std::make_shared<top_flags>();
  flags->common.add_to(*top);
  flags->common.add_setting(*top, "--queue", "queue.name", "the queue");
  flags->main.add_to(*top);
  add_duration(*top, "--every", flags->every, "time between looks (1s)");
  top->add_flag("--once", flags->is_once, "one look, printed");
  top->add_flag("--json", flags->is_json, "one JSON object per look");
  top->final_callback([flags] { std::exit(run_top(*flags)); });
}

} // namespace darkroom
