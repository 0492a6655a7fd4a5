#include "nodes/commands/dead_flags.hpp"

#include "config/units.hpp"
#include "config/words.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/redis/explain_text.hpp"

namespace darkroom {

namespace {

constexpr std::chrono::hours longest_window = std::chrono::days{365};

} // namespace

void add_dead_flags(CLI::App& command, dead_flags& flags) {
  flags.common.add_to(command);
  flags.common.add_setting(command, "--queue", "queue.name", "the queue");
  add_word(command, "action", flags.action,
           {"action",
            {"list", "show", "redrive", "purge"},
            {{"ls", "list"},
             {"retry", "redrive"},
             {"rerun", "redrive"},
             {"why", "show"},
             {"info", "show"},
             {"delete", "purge"},
             {"remove", "purge"},
             {"rm", "purge"},
             {"clean", "purge"},
             {"clear", "purge"}}},
           "list (default), show, redrive: back in line with all their "
           "attempts; purge: removes them");
  command.add_option("id", flags.id, "show, redrive, purge: this job");
  command.add_option("--name", flags.name, "of this type");
  command.add_option("--error", flags.error,
                     "whose failure contains this text, or matches /this/");
  add_duration(command, "--older", flags.older,
               "that failed at least this long ago: 1h");
  add_duration(command, "--newer", flags.newer,
               "that failed within this time: 10m");
  add_number(command, "--limit", flags.limit, {},
             "at most this many; 0 = all (list: 50 if not given)");
  command.add_option("--rate", flags.rate,
                     "redrive: at most at this rate: 10/s");
  command.add_flag("--yes", flags.is_sure, "purge, redrive of all: do not ask");
  command.add_flag("--json", flags.is_json, "answer as JSON");
}

result<job_filter> filter_of(const dead_flags& flags, int64_t now) {
  job_filter out;
  out.name = flags.name;
  if (auto set = out.set_error(flags.error); !set)
    return std::move(set.error());
  if (flags.older)
    out.older_than = now - flags.older->count();
  if (flags.newer)
    out.newer_than = now - flags.newer->count();
  return out;
}

/// "10/s" or "100/5m" as the time between two jobs; 0 for an empty text.
result<std::chrono::microseconds> pace_of(const std::string& rate) {
  if (rate.empty())
    return std::chrono::microseconds{0};
  auto parsed = parse_rate(rate);
  if (!parsed)
    return fail(ec::bad_input,
                "--rate '" + rate + "' " + parsed.error().context);
  auto [count, window] = *parsed;
  if (count <= 0 || window.count() <= 0 || window > longest_window)
    return fail(ec::bad_input, "--rate '" + rate + "' is out of range");
  return std::chrono::microseconds{window} / count;
}

std::string asked(const dead_flags& flags) {
  auto some = flags.limit && *flags.limit > 0;
  auto out = some ? "up to " + counted(*flags.limit, "dead job")
                  : std::string{"all dead jobs"};
  if (!flags.name.empty())
    out += " named '" + flags.name + "'";
  if (!flags.error.empty())
    out += " whose failure has '" + flags.error + "'";
  if (flags.older)
    out += " that failed more than " + span_text(flags.older->count()) + " ago";
  if (flags.newer)
    out += std::string{flags.older ? " and" : " that failed"} + " less than "
           + span_text(flags.newer->count()) + " ago";
  return out;
}

bool is_everything(const dead_flags& flags) {
  return flags.name.empty() && flags.error.empty() && !flags.older
         && !flags.newer && flags.limit.value_or(0) == 0;
}

} // namespace darkroom
