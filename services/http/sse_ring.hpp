/// The latest events of a stream, and the next events for each client.
#pragma once

#include "services/http/progress_gate.hpp"
#include "services/http/sse_cursor.hpp"
#include "services/http/sse_frame.hpp"
#include "services/http/sse_id.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Thread-safe. Events have the numbers of the channel's ring in Redis. Frames
/// follow these numbers, but progress that was held back comes later; `sse_id`
/// keeps apart what a client has seen.
class sse_ring {
public:
  using clock = progress_gate::clock;

  /// @param replay how many events a returning client may ask for. The ring
  ///   itself always has room for a burst, so that live clients get no gap.
  /// @param buffer_bytes how much may wait for a slow client
  sse_ring(uint32_t replay, uint64_t buffer_bytes,
           std::chrono::milliseconds progress_interval);

  /// Adds an event. If numbers are left out, all clients get a gap.
  /// @param is_history progress is not held back
  void push(sse_event event, clock::time_point now, bool is_history = false);

  /// The ring in Redis lost events: numbers may come again. All clients get a
  /// gap; history is dropped.
  void restart();

  /// Other programs' events are lost: all clients get a gap.
  void lose();

  /// Adds the progress that was held back until now.
  /// @returns when to call it again; nothing if nothing is held back
  std::optional<clock::time_point> release(clock::time_point now);

  /// The newest event, and its time; 0 before the first.
  std::pair<uint64_t, int64_t> newest() const;

  /// The place of a new client.
  sse_cursor enter(const sse_request& request) const;

  /// The position of the next frame.
  uint64_t end() const;

  /// The next piece (at most ~16 KB) for this client, from the frames before
  /// `limit`. Moves the cursor.
  /// @param is_slow the client took long to read the last piece
  sse_piece take(sse_cursor& cursor, uint64_t limit, bool is_slow = false);

  /// The id of the frame before this place.
  std::string id_of(const sse_cursor& cursor) const;

  /// The id of the newest frame.
  std::string newest_id() const;

private:
  uint64_t first() const {
    return end_ - entries_.size();
  }
  const sse_frame& at(uint64_t position) const {
    return entries_[position - first()];
  }
  uint64_t oldest_replayed() const;
  uint64_t place_before(uint64_t position) const;
  uint64_t position_after(int64_t time) const;
  uint64_t position_of_recent(const sse_cursor& cursor, uint32_t count) const;
  uint64_t position_of(uint64_t number) const;
  bool is_known(const sse_id& id) const;
  std::string id_before(uint64_t position) const;

  std::string current_id() const;

  void add_event(sse_event event);
  void add_gap(const char* reason, uint64_t missed, std::string id);
  void add(sse_frame added);

  std::string open_gaps(sse_cursor& cursor, uint64_t limit, bool is_slow,
                        uint64_t& missed) const;
  uint64_t offset_of(uint64_t position) const;
  bool is_due(const sse_cursor& cursor, const sse_frame& x) const;
  void write(sse_cursor& cursor, const sse_frame& x, std::string& out) const;
  void settle(sse_cursor& cursor) const;

  mutable std::mutex mutex_;
  const uint32_t replay_;
  const uint64_t buffer_bytes_;
  progress_gate gate_;
  std::deque<sse_frame> entries_;
  uint64_t end_ = 1;             ///< the position of the next frame
  uint64_t end_offset_ = 0;      ///< bytes of all frames so far
  sse_id newest_;                ///< what has been added or held back
  std::string floor_id_ = "0-0"; ///< the id before the oldest frame
  uint64_t floor_ = 0;           ///< the place before the oldest frame
  uint64_t shared_from_ = 0, shared_to_ = 0; ///< range of `shared_`
  uint64_t shared_limit_ = 0;                ///< the `limit` of `shared_`
  std::shared_ptr<const std::string> shared_;
};

} // namespace darkroom
