#include "actors/event_filter.hpp"

#include "actors/announcements.hpp"

#include <charconv>
#include <utility>

namespace darkroom {

namespace {

/// How many custom ids, and how many ranges of numbered ids, are remembered as
/// announced. Each takes about 100 bytes.
constexpr size_t max_announced = 10000;

/// The number that is the job's id; 0 if the id is a custom one. BullMQ counts
/// from 1 and refuses numbers as custom ids.
uint64_t number_of(const std::string& job_id) {
  uint64_t number = 0;
  const auto* end = job_id.data() + job_id.size();
  auto [rest, bad] = std::from_chars(job_id.data(), end, number);
  return bad == std::errc{} && rest == end ? number : 0;
}

bool is_milestone(const std::string& progress) {
  return progress == "10" || progress == "50" || progress == "90"
         || progress == "100";
}

} // namespace

event_filter::event_filter(const event_settings& settings,
                           announcements_ptr others)
  : settings_(settings),
    others_(std::move(others)),
    announced_numbers_(max_announced) {}

bool event_filter::announces() const {
  return settings_.publish_queued
         && (others_ == nullptr || !others_->are_made_elsewhere());
}

bool event_filter::announce(const worker_event& event) {
  if (auto number = number_of(event.job_id))
    return announce_number(number, event.kind == event_kind::queued);
  return announce_name(event.job_id);
}

bool event_filter::announce_number(uint64_t number, bool is_of_stream) {
  if (is_of_stream) {
    // The stream has numbers in order, so a lower one means that counting
    // started again.
    if (number < newest_number_)
      announced_numbers_.clear();
    newest_number_ = number;
  }
  return announced_numbers_.insert(number);
}

bool event_filter::announce_name(const std::string& job_id) {
  if (!announced_names_.insert(job_id).second)
    return false;
  order_.push_back(job_id);
  if (order_.size() > max_announced) {
    announced_names_.erase(order_.front());
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
      if (!announces() || !announce(event))
        return {};
      return {event};
    case event_kind::active:
      // The stream of added jobs may lag behind the dispatcher.
      if (announces() && event.attempt == 1 && announce(event)) {
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
