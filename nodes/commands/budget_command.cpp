/// `darkroom budget`: what calls to providers took today, and what is left.
#include "config/clock.hpp"
#include "config/units.hpp"
#include "nodes/command.hpp"
#include "services/redis/budget_lines.hpp"
#include "services/redis/budget_text.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/limit_overrides.hpp"
#include "services/text/shown_json.hpp"

#include <cstdio>

namespace darkroom {

namespace {

struct budget_flags {
  command_flags common;
  bool is_json = false;
};

void print(const budget_line& x, int64_t now) {
  auto most = x.most > 0 ? format_amount(x.most) : std::string{"no bound"};
  std::string note;
  if (x.most > 0 && x.used >= x.most)
    note = "used up until " + local_time(end_of_day(now));
  else if (auto end = runs_out_at(x, now); end > 0)
    note = "at this pace used up at " + local_time(end);
  std::printf("%-10s %-9s %14s  of %-14s %s\n", x.scope.c_str(), x.kind.c_str(),
              format_amount(x.used).c_str(), most.c_str(), note.c_str());
}

int run_budget(const budget_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  provider_book book{config.redis, config.queue};
  auto now = wall_clock_ms();
  auto spent = book.spent_on(day_of(now));
  if (!spent)
    return report(spent.error());
  limit_overrides overrides{config.redis, config.queue};
  if (auto changed = overrides.apply(config); !changed)
    return report(changed.error());
  auto lines = budget_lines(config.budget, *spent);
  if (flags.is_json) {
    say(shown_json(to_json(lines, now)));
    return exit_ok;
  }
  std::printf("%s (UTC), until %s\n", day_of(now).c_str(),
              local_time(end_of_day(now)).c_str());
  for (const auto& x : lines)
    print(x, now);
  return exit_ok;
}

} // namespace

void add_budget_command(CLI::App& program) {
  auto* budget = program.add_subcommand(
    "budget", "what calls to providers took today, and what the budget leaves");
  auto flags = std::make_shared<budget_flags>();
  flags->common.add_to(*budget);
  flags->common.add_setting(*budget, "--queue", "queue.name", "the queue");
  budget->add_flag("--json", flags->is_json, "answer as JSON");
  budget->final_callback([flags] { std::exit(run_budget(*flags)); });
}

} // namespace darkroom
