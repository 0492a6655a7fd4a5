#include "nodes/api/queue_routes.hpp"

#include "config/clock.hpp"
#include "nodes/api/json_body.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t most_limit = UINT32_MAX;
constexpr int64_t longest_limit_window = int64_t{86400} * 1000 * 365; // ms
constexpr size_t longest_queue_name = 1000;                           // bytes

json limit_json(uint32_t max, int64_t window) {
  if (max == 0)
    return nullptr;
  return {{"max", max}, {"duration", window}};
}

json facts_json(const queue_facts& facts) {
  auto oldest = facts.oldest_waiting;
  return {{"oldestWaiting", oldest > 0 ? json(oldest) : json{}},
          {"concurrency", facts.concurrency},
          {"limit", limit_json(facts.limit_max, facts.limit_window)},
          {"workers", facts.workers}};
}

http_response removed(const result<uint64_t>& count) {
  if (!count)
    return error_response(count.error());
  return json_response(200, write_json({{"removed", *count}}));
}

} // namespace

queue_routes::queue_routes(node_context& node, catalog_reader& reader)
  : node_(node),
    queue_(node.config.redis, node.config.queue, node.queue),
    admin_(node.config.redis, node.config.queue),
    changes_(node, reader) {}

void queue_routes::add_to(http_server& server) {
  auto add = [&server](const char* verb, const char* path, auto answer) {
    server.route(verb, path, without_query([answer](const http_request& x) {
                   return answer(x);
                 }),
                 http_lane::redis);
  };
  add("GET", "/api/queue", [this](const auto&) { return show_queue(); });
  add("POST", "/api/queue/pause",
      [this](const auto&) { return set_paused(true); });
  add("POST", "/api/queue/resume",
      [this](const auto&) { return set_paused(false); });
  add("PUT", "/api/queue/limits",
      [this](const auto& request) { return set_limits(request); });
  add("POST", "/api/queue/drain",
      [this](const auto& request) { return drain(request); });
  add("POST", "/api/queue/clean",
      [this](const auto& request) { return clean(request); });
  add("POST", "/api/queue/obliterate",
      [this](const auto& request) { return obliterate(request); });
}

http_response queue_routes::show_queue() {
  std::lock_guard guard{mutex_};
  auto counts = queue_.counts();
  if (!counts)
    return error_response(counts.error());
  auto aside = queue_.count_aside(wall_clock_ms());
  if (!aside)
    return error_response(aside.error());
  json out{{"name", node_.config.queue.name},
           {"prefix", node_.config.queue.prefix},
           {"paused", counts->paused},
           {"counts", to_json(*counts)},
           {"withoutNode", to_json(*aside)}};
  auto facts = admin_.facts();
  if (!facts && facts.error().code != ec::redis_refused)
    return error_response(facts.error());
  // Redis may refuse its list of clients to us; then the rest is shown.
  if (facts)
    out.update(facts_json(*facts));
  return json_response(200, write_json(out));
}

http_response queue_routes::set_paused(bool is_paused) {
  std::lock_guard guard{mutex_};
  auto changed = queue_.set_paused(is_paused);
  if (!changed)
    return error_response(changed.error());
  return json_response(200, write_json({{"paused", is_paused}}));
}

/// A member that is missing or null takes its limit away, so that what is asked
/// for is what holds.
http_response queue_routes::set_limits(const http_request& request) {
  json_body body{request};
  fleet_limits limits;
  limits.concurrency
    = static_cast<uint32_t>(body.number("concurrency", 0, 0, most_limit));
  limits.max = static_cast<uint32_t>(body.number("max", 0, 0, most_limit));
  limits.window = body.number("duration", 0, 1, longest_limit_window);
  if (limits.max > 0)
    body.require("duration");
  if (auto refusal = body.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  if (auto set = admin_.set_limits(limits); !set)
    return error_response(set.error());
  return json_response(
    200, write_json({{"concurrency", limits.concurrency},
                     {"limit", limit_json(limits.max, limits.window)}}));
}

http_response queue_routes::drain(const http_request& request) {
  json_body body{request};
  auto with_delayed = body.flag("delayed", false);
  if (auto refusal = body.refusal())
    return *refusal;
  std::lock_guard guard{removal_mutex_};
  return removed(changes_.admin().drain(with_delayed, wall_clock_ms()));
}

http_response queue_routes::clean(const http_request& request) {
  json_body body{request};
  clean_request what;
  what.state = body.word("state", "",
                         {"waiting", "prioritized", "delayed", "completed",
                          "failed", "waiting-children"});
  what.older_ms = body.number("olderMs", 0, 0, longest_limit_window);
  what.limit = static_cast<uint64_t>(body.number("limit", 0, 0, most_limit));
  body.require("state");
  if (auto refusal = body.refusal())
    return *refusal;
  std::lock_guard guard{removal_mutex_};
  return removed(changes_.admin().clean(what, wall_clock_ms()));
}

http_response queue_routes::obliterate(const http_request& request) {
  json_body body{request};
  auto name = body.text("name", longest_queue_name);
  auto is_forced = body.flag("force", false);
  body.require("name");
  if (auto refusal = body.refusal())
    return *refusal;
  if (name != node_.config.queue.name)
    return error_response(400, "bad_input",
                          "the queue's name is not '" + name + "'",
                          "repeat the queue's name to have it removed with all "
                          "its jobs");
  std::lock_guard guard{removal_mutex_};
  auto done = changes_.admin().obliterate(is_forced, wall_clock_ms());
  if (!done)
    return error_response(done.error());
  return json_response(200, write_json({{"obliterated", name}}));
}

} // namespace darkroom
