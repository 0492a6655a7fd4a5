#include "services/events/event_text.hpp"

#include "services/json/json.hpp"

namespace darkroom {

namespace {

void add_outcome(const worker_event& event, nlohmann::json& out) {
  switch (event.kind) {
    case event_kind::queued:
      out["queueSize"] = event.queue_size;
      break;
    case event_kind::active:
      out["attempt"] = event.attempt;
      out["maxAttempts"] = event.max_attempts;
      break;
    case event_kind::progress: {
      auto value = parse_json(event.progress);
      out["progress"] = value ? std::move(*value) : nlohmann::json{};
      break;
    }
    case event_kind::completed:
      out["duration"] = event.duration_ms;
      break;
    case event_kind::failed:
      out["error"] = event.error;
      out["attempt"] = event.attempt;
      out["maxAttempts"] = event.max_attempts;
      out["final"] = event.is_final;
      if (!event.is_final)
        out["retryInMs"] = event.retry_in_ms;
      break;
  }
}

} // namespace

std::string event_text(const worker_event& event, const std::string& queue) {
  nlohmann::json out{{"type", to_string(event.kind)},
                     {"jobId", event.job_id},
                     {"jobName", event.job_name},
                     {"timestamp", event.timestamp},
                     {"queue", queue}};
  if (!event.image_id.empty())
    out["imageId"] = event.image_id;
  if (!event.node.empty())
    out["node"] = event.node;
  add_outcome(event, out);
  return write_json(out);
}

event_label label_of(const std::string& text) {
  auto value = parse_json(text);
  if (!value)
    return {};
  return {text_member(*value, "type"), text_member(*value, "imageId"),
          text_member(*value, "jobId")};
}

} // namespace darkroom
