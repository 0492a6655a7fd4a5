#include "services/http/sse_hub.hpp"

#include "services/http/sse_core.hpp"

namespace darkroom {

sse_hub::sse_hub(const http_settings& settings)
  : core_(std::make_shared<sse_core>(settings)) {}

void sse_hub::publish(std::string_view event_name, std::string_view type,
                      std::string_view json, std::string_view image_id,
                      std::string_view job_id) {
  core_->publish(event_name, type, json, image_id, job_id);
}

sse_counters sse_hub::counters() const {
  return core_->counters();
}

} // namespace darkroom
