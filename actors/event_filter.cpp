#include "actors/event_filter.hpp"

namespace darkroom {

namespace {

/// Jobs whose `job-queued` is remembered: more than can be on their way
/// between the stream and the dispatcher, at 100 bytes each.
constexpr size_t max_announced = 10000;

bool is_milestone(const std::string& progress) {
  return progress == "10" || progress == "50" || progress == "90"
         || progress == "100";
}

} // namespace

event_filter::event_filter(const event_settings& settings)
  : settings_(settings) {}

bool event_filter::announce(const std::string& job_id) {
  if (!announced_.insert(job_id).second)
    return false;
  order_.push_back(job_id);
  if (order_.size() > max_announced) {
    announced_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

bool event_filter::is_throttled(const worker_event& event) {
  auto [last, is_first] = last_progress_.try_emplace(event.job_id,
                                                     event.timestamp);
  auto interval = settings_.progress_interval.count();
  if (!is_first && !is_milestone(event.progress)
      && event.timestamp - last->second <= interval)
    return true;
  last->second = event.timestamp;
  return false;
}

std::vector<worker_event> event_filter::pass(const worker_event& event) {
  switch (event.kind) {
    case event_kind::queued:
      if (!settings_.publish_queued || !announce(event.job_id))
        return {};
      return {event};
    case event_kind::active:
      // The stream of added jobs may lag behind the dispatcher.
      if (settings_.publish_queued && event.attempt == 1
          && announce(event.job_id)) {
        auto queued = event;
        queued.kind = event_kind::queued;
        return {queued, event};
      }
      return {event};
    case event_kind::progress:
      if (is_throttled(event))
        return {};
      return {event};
    case event_kind::completed:
    case event_kind::failed:
      last_progress_.erase(event.job_id);
      return {event};
  }
  return {};
}

} // namespace darkroom
