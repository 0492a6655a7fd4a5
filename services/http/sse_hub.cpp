#include "services/http/sse_hub.hpp"

#include "services/http/sse_core.hpp"

namespace darkroom {

sse_hub::sse_hub(const http_settings& settings)
  : core_(std::make_shared<sse_core>(settings)) {}

void sse_hub::publish(sse_event event) {
  core_->publish(std::move(event));
}

void sse_hub::restart() {
  core_->restart();
}

void sse_hub::lose() {
  core_->lose();
}

void sse_hub::ready() {
  core_->ready();
}

void sse_hub::show(std::string members) {
  core_->show(std::move(members));
}

std::pair<uint64_t, int64_t> sse_hub::newest() const {
  return core_->newest();
}

sse_counters sse_hub::counters() const {
  return core_->counters();
}

} // namespace darkroom
