/// `darkroom doctor`: Redis.
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "nodes/doctor/doctor.hpp"
#include "services/redis/server_facts.hpp"

#include <spdlog/spdlog.h>

#include <cstdio>

namespace darkroom {

namespace {

/// BullMQ's own recommendation; it runs on 5.0.
constexpr int least_major = 6;
constexpr int least_minor = 2;

finding judge_version(const redis_facts& facts) {
  finding out{"redis version", health::ok, "Redis " + facts.version, ""};
  int major = 0;
  int minor = 0;
  std::sscanf(facts.version.c_str(), "%d.%d", &major, &minor);
  if (major > least_major || (major == least_major && minor >= least_minor))
    return out;
  out.level = health::warn;
  out.advice = "use 6.2 or newer, which BullMQ requires";
  return out;
}

finding judge_eviction(const redis_facts& facts) {
  auto is_told = !facts.eviction_policy.empty();
  finding out{"redis eviction", health::ok,
              "maxmemory-policy is "
                + (is_told ? facts.eviction_policy
                           : "unknown (INFO does not tell it)"),
              ""};
  if (!is_told || facts.eviction_policy == "noeviction")
    return out;
  out.level = health::fail;
  out.advice = "it may throw jobs away: redis-cli config set maxmemory-policy "
               "noeviction, and in redis.conf";
  return out;
}

finding judge_persistence(const redis_facts& facts) {
  auto fsync = facts.fsync.empty() ? "unknown (CONFIG is refused)"
                                   : facts.fsync;
  finding out{"redis persistence", health::ok,
              "AOF is on, appendfsync is " + fsync, ""};
  if (facts.aof.empty()) {
    out.text = "whether AOF is on is unknown (INFO does not tell it)";
  } else if (facts.aof != "1") {
    out.text = "AOF is off (appendfsync would be " + fsync + ")";
    out.level = health::warn;
    out.advice = "a restart loses jobs: appendonly yes, see "
                 "docs/redis-persistence.md";
  } else if (facts.fsync == "no") {
    out.level = health::warn;
    out.advice = "a power cut may lose half a minute of jobs: appendfsync "
                 "everysec";
  }
  return out;
}

finding judge_clock(const redis_facts& facts) {
  auto slack = std::chrono::milliseconds{facts.round_trip / 2};
  return judge_clocks({"clock", "Redis's clock", "this machine's"},
                      facts.clock_ahead, clock_gap_limit + slack);
}

} // namespace

void warn_of_redis(const redis_settings& redis) {
  auto facts = ask_redis_facts(redis, wall_clock_ms);
  if (!facts)
    return; // it may refuse INFO, but do all that jobs need
  for (const auto& x : {judge_eviction(*facts), judge_persistence(*facts)})
    if (x.level != health::ok)
      spdlog::warn("Redis at {}: {}; {}", text_of(facts->place.where), x.text,
                   x.advice);
}

findings check_redis_server(const redis_settings& redis) {
  auto facts = ask_redis_facts(redis, wall_clock_ms);
  if (!facts)
    return {{"redis", health::fail, facts.error().context,
             "start it, or correct [redis] or REDIS_URL; a worker node needs "
             "none: `darkroom doctor --role worker`",
             facts.error().code == ec::redis_unavailable}};
  return {
    {"redis", health::ok, "answers at " + text_of(facts->place), ""},
    judge_version(*facts),
    judge_eviction(*facts),
    judge_persistence(*facts),
    judge_clock(*facts),
  };
}

} // namespace darkroom
