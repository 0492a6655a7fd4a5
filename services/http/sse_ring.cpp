#include "services/http/sse_ring.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <random>

namespace darkroom {

namespace {

/// Live clients get a burst of this many events within one flush without a gap.
constexpr size_t min_ring_events = 1000;

/// The size of one write. It equals the socket's send buffer: a write completes
/// when the client reads, and a stalled client holds no more than this.
constexpr size_t ring_piece_bytes = 16384;

std::string make_epoch() {
  std::random_device random;
  constexpr auto digits = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < 12; ++i)
    out += digits[random() % 16];
  return out;
}

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

bool is_wanted(const std::vector<std::string>& wanted,
               const std::string& what) {
  return wanted.empty()
         || std::find(wanted.begin(), wanted.end(), what) != wanted.end();
}

} // namespace

sse_ring::sse_ring(uint32_t replay) : replay_(replay), epoch_(make_epoch()) {}

void sse_ring::push(std::string_view event_name, std::string_view type,
                    std::string_view json, std::string_view image_id,
                    std::string_view job_id) {
  std::lock_guard guard{mutex_};
  entry added{std::string{type}, std::string{image_id}, std::string{job_id},
              "id: " + epoch_ + '-' + std::to_string(end_) + '\n'};
  append_field(added.text, "event", event_name);
  append_field(added.text, "data", json);
  added.text += '\n';
  entries_.push_back(std::move(added));
  ++end_;
  if (entries_.size() > std::max<size_t>(replay_, min_ring_events))
    entries_.pop_front();
}

sse_cursor sse_ring::enter(const http_request& request) const {
  sse_cursor out;
  out.filter = {split_list(request.arg("imageId"), ','),
                split_list(request.arg("jobId"), ','),
                split_list(request.arg("type"), ',')};
  auto last = request.header("last-event-id");
  if (last.empty())
    last = request.arg("lastEventId");
  std::lock_guard guard{mutex_};
  out.next = end_;
  if (last.empty())
    return out;
  auto oldest = std::max(first(), end_ - std::min<uint64_t>(end_, replay_));
  auto dash = last.find('-');
  uint64_t seen = 0;
  auto number = last.data() + std::min(dash, last.size() - 1) + 1;
  auto stop = last.data() + last.size();
  auto [rest, failed] = std::from_chars(number, stop, seen);
  if (last.substr(0, dash) != epoch_ || failed != std::errc{} || rest != stop
      || seen >= end_) {
    out.lost_epoch = true;
    out.next = oldest;
    return out;
  }
  out.replaying = seen + 1 < oldest;
  out.next = seen + 1;
  return out;
}

std::string sse_ring::id_line(const sse_cursor& cursor) const {
  auto next = std::min(cursor.next, end_);
  return "id: " + epoch_ + '-' + std::to_string(next - 1) + '\n';
}

std::string sse_ring::gap_line(const sse_cursor& cursor,
                               std::string_view reason,
                               const std::string& missed) const {
  auto out = id_line(cursor);
  append_field(out, "event", "gap");
  append_field(out, "data",
               R"({"reason":")" + std::string{reason} + R"(","missed":)"
                 + missed + '}');
  return out + '\n';
}

std::string sse_ring::open_gaps(sse_cursor& cursor, uint64_t& missed) const {
  if (cursor.lost_epoch) {
    cursor.lost_epoch = false;
    return gap_line(cursor, "restarted", "null");
  }
  auto oldest = first();
  if (cursor.replaying)
    oldest = std::max(oldest, end_ - std::min<uint64_t>(end_, replay_));
  if (cursor.next >= oldest)
    return {};
  missed = oldest - cursor.next;
  cursor.next = oldest;
  auto reason = cursor.replaying ? "expired" : "slow";
  cursor.replaying = false;
  // With a filter, nobody knows how many of the lost events the client wanted.
  return gap_line(cursor, reason,
                  cursor.filter.is_open() ? std::to_string(missed) : "null");
}

uint64_t sse_ring::end() const {
  std::lock_guard guard{mutex_};
  return end_;
}

sse_piece sse_ring::take(sse_cursor& cursor, uint64_t limit) {
  std::lock_guard guard{mutex_};
  sse_piece out;
  auto text = open_gaps(cursor, out.missed);
  auto is_plain = text.empty() && cursor.filter.is_open();
  if (is_plain && cursor.next == shared_from_ && limit == shared_limit_) {
    cursor.next = shared_to_;
    out.text = shared_;
    return out;
  }
  auto from = cursor.next;
  for (; cursor.next < limit && text.size() < ring_piece_bytes; ++cursor.next) {
    auto& event = entries_[cursor.next - first()];
    if (is_wanted(cursor.filter.types, event.type)
        && is_wanted(cursor.filter.image_ids, event.image_id)
        && is_wanted(cursor.filter.job_ids, event.job_id))
      text += event.text;
  }
  if (text.empty())
    return out;
  out.text = std::make_shared<const std::string>(std::move(text));
  if (is_plain) {
    shared_from_ = from;
    shared_to_ = cursor.next;
    shared_limit_ = limit;
    shared_ = out.text;
  }
  return out;
}

} // namespace darkroom
