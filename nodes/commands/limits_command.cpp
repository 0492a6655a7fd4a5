/// `darkroom limits`: shows and changes limits of calls and bounds of the
/// budget while Darkroom runs.
#include "actors/jobs/job_type.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/deed_note.hpp"
#include "services/redis/limit_lines.hpp"
#include "services/text/shown_json.hpp"

namespace darkroom {

namespace {

struct limits_flags {
  command_flags common;
  std::vector<std::string> changes; ///< "limits.vision=10/60s"
  bool is_json = false;
};

result<limit_changes> read_changes(const std::vector<std::string>& texts) {
  limit_changes out;
  for (const auto& text : texts) {
    auto at = text.find('=');
    if (at == text.npos || at + 1 == text.size())
      return fail(ec::bad_config, "'" + text
                                    + "' is no change; write NAME=VALUE, as in "
                                      "limits.vision=10/60s, or NAME=default");
    out[trimmed(text.substr(0, at))] = trimmed(text.substr(at + 1));
  }
  return out;
}

void print(const std::vector<limit_line>& lines) {
  text_table table{{"limit", "in force", "setting"}};
  for (const auto& x : lines)
    table.add({x.name, x.value, x.is_changed ? x.setting : "the same"});
  say_table(table);
}

int show_limits(const settings& config, bool is_json) {
  limit_overrides overrides{config.redis, config.queue};
  auto in_force = config;
  auto changed = overrides.apply(in_force);
  if (!changed)
    return report(changed.error());
  auto lines = limit_lines(config, in_force, *changed);
  if (is_json)
    say(shown_json({{"limits", to_json(lines)}}));
  else
    print(lines);
  return exit_ok;
}

int run_limits(const limits_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto changes = read_changes(flags.changes);
  if (!changes)
    return report(changes.error());
  if (changes->empty())
    return show_limits(config, flags.is_json);
  job_queue queue{config.redis, config.queue, queue_context_of(config)};
  limit_overrides overrides{config.redis, config.queue};
  auto done = change_limits_of(queue, overrides, *changes);
  return note_deed(config, {"darkroom limits", joined(flags.changes),
                            done ? show_limits(config, flags.is_json)
                                 : report(done.error())});
}

} // namespace

void add_limits_command(CLI::App& program) {
  auto* limits = program.add_subcommand(
    "limits", "shows limits of calls and the budget, or changes them at once "
              "for all nodes, until NAME=default");
  auto flags = std::make_shared<limits_flags>();
  flags->common.add_to(*limits);
  flags->common.add_setting(*limits, "--queue", "queue.name", "the queue");
  limits->add_option("NAME=VALUE", flags->changes,
                     "changes, such as limits.vision=10/60s, "
                     "limits.embedding=off, budget.money=5");
  limits->add_flag("--json", flags->is_json, "answer as JSON");
  limits->final_callback([flags] { std::exit(run_limits(*flags)); });
}

} // namespace darkroom
