#include "nodes/chaos/options.hpp"

#include "config/units.hpp"

#include <random>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr uint64_t jobs_a_second = 10;
constexpr uint64_t most_jobs = 1'000'000;

/// Bounded because a run keeps the account of all its jobs in memory.
constexpr milliseconds longest = std::chrono::hours{24};

/// Reads a time into `out`.
status read_span(const char* flag, const std::string& text, milliseconds least,
                 milliseconds& out) {
  auto parsed = parse_duration(text);
  if (!parsed)
    return fail(ec::bad_config, std::string{flag} + " '" + text + "' "
                                  + parsed.error().context);
  if (*parsed < least || *parsed > longest)
    return fail(ec::bad_config, std::string{flag} + " '" + text
                                  + "' is not within " + format_duration(least)
                                  + " and " + format_duration(longest));
  out = *parsed;
  return ok;
}

} // namespace

result<plan_step> read_chaos_step(const chaos_step_request& asked) {
  auto harms = parse_harms(asked.action);
  if (!harms)
    return std::move(harms.error());
  if (harms->size() > 1)
    return fail(ec::bad_config, "'" + asked.action + "' is more than one");
  plan_step out;
  out.kind = harms->front();
  out.node = is_on_redis(out.kind) ? redis_target : asked.node;
  if (out.kind == harm::kill_actor)
    out.actor = asked.actor;
  if (out.node.empty())
    return fail(ec::bad_config, asked.action + " needs a node");
  auto read = read_span("away", asked.away, milliseconds{1000}, out.away);
  if (!read)
    return std::move(read.error());
  if (!takes_time(out.kind))
    out.away = milliseconds{0};
  return out;
}

result<chaos_options> read_chaos_request(const chaos_request& asked,
                                         main_address main) {
  chaos_options out;
  out.main = std::move(main);
  out.picture = asked.picture;
  // 32 bits, so that JavaScript can return it as well.
  out.plan.seed = asked.seed > 0 ? asked.seed : std::random_device{}();
  if (asked.blast_radius == 0)
    return fail(ec::bad_config, "--blast-radius is at least 1");
  out.plan.blast_radius = asked.blast_radius;
  auto harms = parse_harms(asked.actions);
  if (!harms)
    return fail(ec::bad_config, "--actions: " + harms.error().context);
  out.plan.harms = std::move(*harms);
  auto read = read_span("--duration", asked.duration, milliseconds{1000},
                        out.plan.duration);
  if (read)
    read = read_span("--every", asked.every, milliseconds{10}, out.plan.every);
  if (read)
    read = read_span("--away", asked.away, milliseconds{1000}, out.plan.away);
  if (read)
    read = read_span("--settle", asked.settle, milliseconds{1000}, out.settle);
  if (!read)
    return std::move(read.error());
  if (asked.jobs > most_jobs)
    return fail(ec::bad_config,
                "--jobs is at most " + std::to_string(most_jobs)
                  + ": a run keeps the account of all in memory");
  out.jobs = asked.jobs > 0
               ? asked.jobs
               : jobs_a_second
                   * static_cast<uint64_t>(out.plan.duration.count()) / 1000;
  return out;
}

} // namespace darkroom
