#include "nodes/api/health_routes.hpp"

#include "config/clock.hpp"
#include "nodes/api/ask.hpp"
#include "services/json/json.hpp"
#include "services/metrics/process_gauges.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr const char* redis_hint
  = "jobs run on and are settled once Redis does it";

/// Uploads are taken and events told without a worker, so the node is ready.
constexpr const char* no_slots
  = "no node runs jobs: they wait until a worker joins (darkroom nodes)";

/// How long a probe waits for an answer before it returns the last one.
constexpr std::chrono::milliseconds probe_patience{1000};

/// How old the last answer may be. A short hang of Redis must not take the node
/// out of service.
constexpr std::chrono::milliseconds health_age{3000};

} // namespace

health_routes::health_routes(node_context& node)
  : node_(node),
    queue_(node.config.redis, node.config.queue, node.queue),
    gauges_(node),
    health_("the look at the node's health", [this] { return look(); }),
    measured_("the measuring", [this] {
      gauges_.measure();
      return true;
    }) {}

void health_routes::add_to(http_server& server, const sse_hub& hub) {
  server_ = &server;
  hub_ = &hub;
  server.route(
    "GET", "/livez",
    [](const http_request&) {
      return json_response(200, R"({"status":"alive"})");
    },
    http_lane::instant);
  server.route(
    "GET", "/readyz", [this](const http_request&) { return show_readiness(); },
    http_lane::probe);
  server.route(
    "GET", "/metrics", [this](const http_request&) { return show_metrics(); },
    http_lane::probe);
}

health_routes::health_look health_routes::look() {
  health_look out;
  auto dispatcher = dispatcher_of(node_);
  out.work = try_ask<dispatch_status>(node_, dispatcher, look_work_v);
  if (auto counts = queue_.counts(); !counts)
    out.redis = std::move(counts.error());
  return out;
}

http_response health_routes::show_readiness() {
  json facts{{"role", "active"}};
  auto not_ready = [&facts](const std::string& why, const char* hint) {
    facts["status"] = "not ready";
    facts["error"] = {{"code", "not_ready"}, {"message", why}, {"hint", hint}};
    return json_response(503, write_json(facts));
  };
  if (node_.is_leaving)
    return not_ready("this node drains", "it ends when its jobs have");
  auto seen = health_.get(probe_patience);
  if (!seen.value || seen.age > health_age)
    return not_ready("Redis or the dispatcher has not answered for "
                       + std::to_string(seen.age.count()) + " ms",
                     redis_hint);
  const auto& work = seen.value->work;
  if (work)
    facts.update({{"slots", work->slots},
                  {"running", work->running},
                  {"unsettled", work->unsettled}});
  if (work && work->last_fetch > 0)
    facts["lastFetchAgeMs"]
      = std::max<int64_t>(wall_clock_ms() - work->last_fetch, 0);
  if (!seen.value->redis)
    return not_ready(seen.value->redis.error().context, redis_hint);
  if (!work)
    return not_ready("the dispatcher does not answer",
                     "its supervisor restarts it if it has ended");
  if (!work->trouble.empty())
    return not_ready(work->trouble, redis_hint);
  facts["status"] = node_.is_quiet ? "quiet" : "ready";
  if (work->slots == 0)
    facts["note"] = no_slots;
  return json_response(200, write_json(facts));
}

http_response health_routes::show_metrics() {
  auto& counted = *node_.counted;
  auto seen = measured_.get(probe_patience);
  if (!seen.value || seen.age > health_age)
    counted.set(gauge::redis_up, {}, 0);
  counted.set(gauge::metrics_age, {},
              static_cast<double>(seen.age.count()) / 1000);
  count_served();
  measure_process(counted);
  http_response out;
  out.content_type = metrics_content_type;
  out.body = counted.text();
  return out;
}

/// The process counts these itself, so they are right even while Redis hangs.
void health_routes::count_served() {
  auto total = [this](counter which, uint64_t value) {
    node_.counted->add_up_to(which, {}, static_cast<double>(value));
  };
  auto now = [this](gauge which, uint64_t value) {
    node_.counted->set(which, {}, static_cast<double>(value));
  };
  auto served = server_->counters();
  now(gauge::http_connections, served.connections);
  now(gauge::http_pending, served.pending);
  total(counter::http_requests, served.requests);
  total(counter::http_refused, served.refused);
  total(counter::http_failed, served.failed);
  if (auto end = server_->certificate_end(); end > 0)
    node_.counted->set(gauge::http_certificate_expiry, {},
                       static_cast<double>(end) / 1000);
  auto streams = hub_->counters();
  now(gauge::sse_clients, streams.clients);
  total(counter::sse_events, streams.events);
  total(counter::sse_dropped, streams.dropped);
  total(counter::sse_kicked, streams.kicked);
  total(counter::sse_refused, streams.refused);
  if (!node_.codecs)
    return;
  auto replaced = [this](const char* reason, uint64_t value) {
    node_.counted->add_up_to(counter::codecs_replaced, {{"reason", reason}},
                             static_cast<double>(value));
  };
  replaced("pictures", node_.codecs->by_pictures);
  replaced("memory", node_.codecs->by_memory);
}

} // namespace darkroom
