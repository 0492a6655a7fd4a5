/// The last events of a stream, and what a client at some place in it gets.
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

/// What a client wants to see; an empty list lets everything pass.
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
  bool lost_epoch = false; ///< owes the client a gap of reason "restarted"
  bool replaying = false;  ///< what is missing had expired before it came
};

/// A piece of the stream, shared by all clients at the same place.
struct sse_piece {
  std::shared_ptr<const std::string> text; ///< null: nothing to send
  uint64_t missed = 0; ///< events that are gone for this client
};

/// Events are numbered from 1 in each epoch (one epoch a ring). Thread-safe.
class sse_ring {
public:
  /// @param replay how many events a returning client may ask for; the ring
  ///        itself is never so small that a burst gives a live client a gap
  explicit sse_ring(uint32_t replay);

  void push(std::string_view event_name, std::string_view type,
            std::string_view json, std::string_view image_id,
            std::string_view job_id);

  /// The place of a new client, from Last-Event-ID (or the query) and filters.
  sse_cursor enter(const http_request& request) const;

  /// The number that the next event will get.
  uint64_t end() const;

  /// The next at most ~16 KB for this client, of the events before `limit`;
  /// moves the cursor.
  sse_piece take(sse_cursor& cursor, uint64_t limit);

  /// "id: <epoch>-<seq>\n" of the event before this place.
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
  uint64_t shared_from_ = 0, shared_to_ = 0; ///< what `shared_` holds
  uint64_t shared_limit_ = 0;                ///< `limit` when it was made
  std::shared_ptr<const std::string> shared_;
};

} // namespace darkroom
