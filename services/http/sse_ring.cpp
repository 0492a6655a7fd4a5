// What comes into the ring; what clients get is in sse_ring_take.cpp.
#include "services/http/sse_ring.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// Live clients get a burst of this many events within one flush without a gap.
constexpr size_t min_ring_events = 1000;

/// However large events are. Usual ones have 300 bytes.
constexpr uint64_t max_ring_bytes = 64 << 20;

/// Appends a field of the stream; a text of several lines becomes several
/// fields.
void append_field(std::string& out, std::string_view name,
                  std::string_view value) {
  do {
    auto end = value.find_first_of("\r\n");
    out.append(name).append(": ").append(value.substr(0, end)).append("\n");
    value = end == value.npos ? std::string_view{} : value.substr(end + 1);
  } while (!value.empty());
}

} // namespace

std::string gap_body(const char* reason, uint64_t missed) {
  auto count = missed == 0 ? std::string{"null"} : std::to_string(missed);
  return R"(event: gap
data: {"reason":")"
         + std::string{reason} + R"(","missed":)" + count + "}\n\n";
}

sse_ring::sse_ring(uint32_t replay, uint64_t buffer_bytes,
                   std::chrono::milliseconds progress_interval)
  : replay_(replay),
    buffer_bytes_(buffer_bytes),
    gate_(progress_interval) {}

void sse_ring::push(sse_event event, clock::time_point now, bool is_history) {
  std::lock_guard guard{mutex_};
  if (newest_.number == 0) { // the first one since the (re)start
    floor_ = event.number - 1;
    if (entries_.empty())
      floor_id_ = to_text({floor_ == 0 ? 0 : event.at, floor_, {}});
    for (auto& x : entries_)
      x.place = floor_;
  } else if (event.number > newest_.number + 1) {
    auto missed = event.number - newest_.number - 1;
    newest_ = {event.at, event.number - 1, {}};
    add_gap("overrun", missed, current_id());
  }
  newest_ = {event.at, event.number, {}};
  if (is_history || gate_.passes(event, now))
    add_event(std::move(event));
}

void sse_ring::restart() {
  std::lock_guard guard{mutex_};
  gate_.clear();
  entries_.clear();
  floor_ = 0;
  // This id is known nowhere, but its time tells what the client has seen.
  floor_id_ = to_text({newest_.at, 0, {}});
  newest_ = {newest_.at, 0, {}};
  add_gap("restarted", 0, floor_id_);
}

void sse_ring::lose() {
  std::lock_guard guard{mutex_};
  add_gap("lost", 0, current_id());
}

std::optional<sse_ring::clock::time_point>
sse_ring::release(clock::time_point now) {
  std::lock_guard guard{mutex_};
  for (auto& x : gate_.release(now))
    add_event(std::move(x));
  return gate_.next_due();
}

std::string sse_ring::current_id() const {
  return to_text({newest_.at, newest_.number, gate_.held()});
}

void sse_ring::add_event(sse_event event) {
  sse_frame added;
  added.id = current_id();
  added.number = event.number;
  added.place = newest_.number;
  added.at = event.at;
  added.body = "event: worker-event\n";
  append_field(added.body, "data", event.json);
  added.body += '\n';
  added.type = std::move(event.type);
  added.image_id = std::move(event.image_id);
  added.job_id = std::move(event.job_id);
  add(std::move(added));
}

void sse_ring::add_gap(const char* reason, uint64_t missed, std::string id) {
  sse_frame added;
  added.id = std::move(id);
  added.place = newest_.number;
  added.at = newest_.at;
  added.body = gap_body(reason, missed);
  added.gap = reason;
  add(std::move(added));
}

void sse_ring::add(sse_frame added) {
  added.offset = end_offset_;
  end_offset_ += added.id.size() + added.body.size();
  entries_.push_back(std::move(added));
  ++end_;
  while (entries_.size() > std::max<size_t>(replay_, min_ring_events)
         || (entries_.size() > 1
             && end_offset_ - entries_.front().offset > max_ring_bytes)) {
    auto& oldest = entries_.front();
    floor_id_ = std::move(oldest.id);
    floor_ = oldest.place;
    entries_.pop_front();
  }
}

std::pair<uint64_t, int64_t> sse_ring::newest() const {
  std::lock_guard guard{mutex_};
  return {newest_.number, newest_.at};
}

uint64_t sse_ring::end() const {
  std::lock_guard guard{mutex_};
  return end_;
}

std::string sse_ring::newest_id() const {
  std::lock_guard guard{mutex_};
  return newest_.number == 0 ? id_before(end_) : current_id();
}

} // namespace darkroom
