#include "services/notify/webhook.hpp"

#include "config/clock.hpp"
#include "services/json/json.hpp"
#include "services/notify/signature.hpp"
#include "services/trace/trace_context.hpp"

#include <utility>

namespace darkroom {

std::string webhook_body(const final_failure& what) {
  return write_json({{"type", "image-processing-failed"},
                     {"imageId", what.image_id},
                     {"jobId", what.job_id},
                     {"jobName", what.job_name},
                     {"error", what.error},
                     {"attempts", what.attempts},
                     {"timestamp", what.timestamp}});
}

std::string webhook_body(const provider_alert& what) {
  nlohmann::json body{{"type", "provider-state"},
                      {"resource", what.resource},
                      {"state", what.state},
                      {"timestamp", what.timestamp}};
  if (!what.profile_id.empty())
    body["provider"] = what.profile_id;
  if (what.until > 0)
    body["until"] = what.until;
  if (!what.words.empty())
    body["message"] = what.words;
  return write_json(body);
}

std::string webhook_body(const drift_alert& what) {
  return write_json({{"type", "drift-state"},
                     {"class", what.drift},
                     {"state", what.state},
                     {"count", what.count},
                     {"examples", what.examples},
                     {"timestamp", what.timestamp}});
}

webhook::webhook(notify_settings cfg) : cfg_(std::move(cfg)) {}

status webhook::send(const webhook_call& call,
                     const std::atomic<bool>* cancel) {
  json_post post{cfg_.webhook, call.body, {}, cfg_.timeout};
  post.headers = {"X-Darkroom-Delivery: " + call.id};
  if (!cfg_.secret.empty())
    post.headers.push_back(
      "X-Darkroom-Signature: "
      + signature_of(call.body, wall_clock_ms() / 1000, cfg_.secret));
  add_trace_headers(read_carrier(call.trace), post.headers);
  // Keeps hints about keys and models out of the errors.
  post.advice = no_advice;
  auto answer = client_.send(post, cancel);
  if (!answer)
    return std::move(answer.error());
  return ok;
}

} // namespace darkroom
