#include "actors/job_event.hpp"

#include <algorithm>

namespace darkroom {

namespace {

worker_event event_of(const lease& x, event_kind kind, int64_t now) {
  worker_event e;
  e.kind = kind;
  e.job_id = x.work.id;
  e.job_name = x.work.name;
  e.image_id = x.image_id;
  e.timestamp = now;
  e.attempt = x.work.attempts_made + 1;
  e.max_attempts = std::max<uint32_t>(x.work.options.attempts, 1);
  return e;
}

} // namespace

worker_event active_event(const lease& x, const std::string& node) {
  auto e = event_of(x, event_kind::active, x.started);
  e.node = node;
  return e;
}

worker_event progress_event(const lease& x, const std::string& progress,
                            int64_t now) {
  auto e = event_of(x, event_kind::progress, now);
  e.progress = progress;
  return e;
}

std::vector<worker_event> ended_event(const lease& x, const settlement& how,
                                      int64_t now) {
  switch (how.kind) {
    case settle_kind::complete: {
      auto e = event_of(x, event_kind::completed, now);
      e.duration_ms = now - x.started;
      return {e};
    }
    case settle_kind::fail:
    case settle_kind::retry_later:
    case settle_kind::retry_now: {
      auto e = event_of(x, event_kind::failed, now);
      e.error = how.value;
      e.is_final = how.kind == settle_kind::fail;
      e.retry_in_ms = how.delay_ms;
      return {e};
    }
    case settle_kind::postpone:
    case settle_kind::give_back:
      return {};
  }
  return {};
}

} // namespace darkroom
