// The part of sse_ring that clients read.
#include "services/http/sse_ring.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// The size of one write. It equals the socket's send buffer: a write completes
/// when the client reads, and a stalled client holds no more than this.
constexpr size_t ring_piece_bytes = 16384;

bool is_wanted(const std::vector<std::string>& wanted,
               const std::string& what) {
  return wanted.empty()
         || std::find(wanted.begin(), wanted.end(), what) != wanted.end();
}

template <class T>
bool lists(const std::vector<T>& list, const T& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

} // namespace

uint64_t sse_ring::oldest_replayed() const {
  return std::max(first(), end_ - std::min<uint64_t>(end_, replay_));
}

uint64_t sse_ring::place_before(uint64_t position) const {
  return position == first() ? floor_ : at(position - 1).place;
}

std::string sse_ring::id_before(uint64_t position) const {
  return position <= first() ? floor_id_ : at(position - 1).id;
}

uint64_t sse_ring::offset_of(uint64_t position) const {
  return position == end_ ? end_offset_ : at(position).offset;
}

/// The first event that was kept after this time (ms).
uint64_t sse_ring::position_after(int64_t time) const {
  auto found = std::find_if(entries_.begin(), entries_.end(), [time](auto& x) {
    return x.gap == nullptr && x.at > time;
  });
  return first() + static_cast<uint64_t>(found - entries_.begin());
}

/// Where the newest events begin that the client wants, `count` at most.
uint64_t sse_ring::position_of_recent(const sse_cursor& cursor,
                                      uint32_t count) const {
  auto position = end_;
  for (auto i = end_; count > 0 && i > oldest_replayed(); --i) {
    if (at(i - 1).gap != nullptr || !is_due(cursor, at(i - 1)))
      continue;
    position = i - 1;
    --count;
  }
  return position;
}

/// The frame of an event; the end if there is none.
uint64_t sse_ring::position_of(uint64_t number) const {
  auto from = std::partition_point(entries_.begin(), entries_.end(),
                                   [&](auto& x) { return x.place < number; });
  auto found = std::find_if(from, entries_.end(),
                            [&](auto& x) { return x.number == number; });
  return first() + static_cast<uint64_t>(found - entries_.begin());
}

/// Whether an id is of these events: after a loss in Redis, numbers come again
/// with other times.
bool sse_ring::is_known(const sse_id& id) const {
  if (id.number == 0)
    return id.at == 0;
  if (id.number > newest_.number || id.at == 0)
    return false;
  if (id.number <= floor_)
    return true; // too old to tell
  auto position = position_of(id.number);
  return position == end_ || at(position).at == id.at;
}

sse_cursor sse_ring::enter(const sse_request& request) const {
  sse_cursor out;
  out.filter = request.filter;
  std::lock_guard guard{mutex_};
  out.next = end_;
  out.replay_to = end_;
  if (request.last_id.empty()) {
    out.next = position_of_recent(out, request.recent);
    return out;
  }
  auto oldest = oldest_replayed();
  auto id = parse_sse_id(request.last_id);
  if (!id || !is_known(*id)) {
    out.lost_place = true;
    out.next = id ? std::max(oldest, position_after(id->at)) : oldest;
    return out;
  }
  auto start
    = std::partition_point(entries_.begin(), entries_.end(),
                           [&](auto& x) { return x.place < id->number; });
  out.next = first() + static_cast<uint64_t>(start - entries_.begin());
  for (auto owed : id->owed)
    out.next = std::min(out.next, position_of(owed));
  out.next = std::max(out.next, oldest);
  if (auto before = place_before(oldest); id->number < before)
    out.expired = before - id->number;
  out.seen = std::move(*id);
  return out;
}

std::string sse_ring::id_of(const sse_cursor& cursor) const {
  std::lock_guard guard{mutex_};
  auto next = std::min(cursor.next, end_);
  if (next < first() || place_before(next) > cursor.seen.number)
    return id_before(next);
  return cursor.seen.number == 0 ? id_before(next) : to_text(cursor.seen);
}

std::string sse_ring::open_gaps(sse_cursor& cursor, uint64_t limit,
                                bool is_slow, uint64_t& missed) const {
  const char* reason = "slow";
  auto oldest = first();
  if (std::exchange(cursor.lost_place, false)) {
    reason = "restarted";
  } else if (cursor.expired > 0) {
    reason = "expired";
    missed = std::exchange(cursor.expired, 0);
  } else {
    auto is_live = cursor.next >= std::max(oldest, cursor.replay_to);
    if (is_slow && is_live && cursor.next < limit
        && offset_of(limit) - offset_of(cursor.next) > buffer_bytes_)
      oldest = limit;
    if (cursor.next >= oldest)
      return {};
    missed = oldest - cursor.next;
  }
  cursor.next = std::max(cursor.next, oldest);
  // With a filter, nobody knows how many of the lost events the client wanted.
  return "id: " + id_before(cursor.next) + '\n'
         + gap_body(reason, cursor.filter.is_open() ? missed : 0);
}

/// Whether the client gets a frame.
bool sse_ring::is_due(const sse_cursor& cursor, const sse_frame& x) const {
  const auto& seen = cursor.seen;
  if (x.gap != nullptr)
    return x.place >= seen.number;
  if (x.number <= seen.number && !lists(seen.owed, x.number))
    return false;
  const auto& filter = cursor.filter;
  return is_wanted(filter.types, x.type)
         && is_wanted(filter.image_ids, x.image_id)
         && is_wanted(filter.job_ids, x.job_id);
}

void sse_ring::write(sse_cursor& cursor, const sse_frame& x,
                     std::string& out) const {
  auto& seen = cursor.seen;
  std::erase(seen.owed, x.number);
  // Owed progress must not take a client back that has seen more.
  out.append("id: ")
    .append(x.place < seen.number ? to_text(seen) : x.id)
    .append("\n");
  out += x.gap != nullptr && !cursor.filter.is_open() ? gap_body(x.gap, 0)
                                                      : x.body;
}

/// Once a returning client has got all that it missed, it is like the others.
void sse_ring::settle(sse_cursor& cursor) const {
  // Redis lost what it has seen, so that these numbers come again.
  if (cursor.seen.number > newest_.number)
    cursor.seen = {};
  if (cursor.seen.number == 0 || cursor.next < cursor.replay_to)
    return;
  auto seen = cursor.seen.number;
  for (auto held : gate_.held())
    if (held <= seen)
      return;
  for (auto i = cursor.next; i < end_; ++i)
    if (at(i).number <= seen)
      return;
  cursor.seen = {};
}

sse_piece sse_ring::take(sse_cursor& cursor, uint64_t limit, bool is_slow) {
  std::lock_guard guard{mutex_};
  sse_piece out;
  auto text = open_gaps(cursor, limit, is_slow, out.missed);
  settle(cursor);
  auto is_plain = text.empty() && cursor.filter.is_open()
                  && cursor.seen.number == 0 && cursor.next >= cursor.replay_to;
  if (is_plain && cursor.next == shared_from_ && limit == shared_limit_) {
    cursor.next = shared_to_;
    out.text = shared_;
    return out;
  }
  auto from = cursor.next;
  for (; cursor.next < limit && text.size() < ring_piece_bytes; ++cursor.next)
    if (const auto& x = at(cursor.next); is_due(cursor, x))
      write(cursor, x, text);
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
