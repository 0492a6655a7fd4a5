/// The latest events of a stream, and the next events for each client.
#pragma once

#include "services/http/message.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Which events a client wants; an empty list accepts all.
struct sse_filter {
  std::vector<std::string> image_ids;
  std::vector<std::string> job_ids;
  std::vector<std::string> types;

  bool is_open() const {
    return image_ids.empty() && job_ids.empty() && types.empty();
  }
};

/// A client's place: the sequence number of the event it gets next.
struct sse_cursor {
  uint64_t next = 0;
  sse_filter filter;
  bool lost_epoch = false; ///< the client must get a "restarted" gap
  bool replaying = false;  ///< missing events had expired before it came
};

/// A piece of the stream, shared by all clients at the same place.
struct sse_piece {
  std::shared_ptr<const std::string> text; ///< null if there is nothing to send
  uint64_t missed = 0;                     ///< events that this client has lost
};

/// Numbers events from 1 in each epoch; a ring is one epoch. Thread-safe.
class sse_ring {
public:
  /// @param replay how many events a returning client may ask for. The ring
  ///   itself always has room for a burst, so that live clients get no gap.
  explicit sse_ring(uint32_t replay);

  void push(std::string_view event_name, std::string_view type,
            std::string_view json, std::string_view image_id,
            std::string_view job_id);

  /// The place of a new client, by Last-Event-ID (header or query) and filters.
  sse_cursor enter(const http_request& request) const;

  /// The number of the next event.
  uint64_t end() const;

  /// The next piece (at most ~16 KB) for this client, from the events before
  /// `limit`. Moves the cursor.
  sse_piece take(sse_cursor& cursor, uint64_t limit);

  /// The line "id: <epoch>-<seq>
  /// " of the event before this place.
  std::string id_line(const sse_cursor& cursor) const;

private:
  struct entry {
    std::string type;
    std::string image_id;
    std::string job_id;
    std::string text;
  };

  uint64_t first() const {
    return end_ - entries_.size();
  }
  std::string gap_line(const sse_cursor& cursor, std::string_view reason,
                       const std::string& missed) const;
  std::string open_gaps(sse_cursor& cursor, uint64_t& missed) const;

  mutable std::mutex mutex_;
  const uint32_t replay_;
  const std::string epoch_;
  std::deque<entry> entries_;
  uint64_t end_ = 1;                         ///< the number of the next event
  uint64_t shared_from_ = 0, shared_to_ = 0; ///< range of `shared_`
  uint64_t shared_limit_ = 0;                ///< the `limit` of `shared_`
  std::shared_ptr<const std::string> shared_;
};

} // namespace darkroom
