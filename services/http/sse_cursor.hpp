/// Where a client is in an event stream, and what it wants of it. Internal to
/// services/http.
#pragma once

#include "services/http/message.hpp"
#include "services/http/sse_id.hpp"

#include <cstdint>
#include <memory>
#include <string>
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

/// The most events that a new client may ask for.
inline constexpr uint32_t max_recent = 10000;

/// What a client asks for: its filters, and Last-Event-ID (header or query).
struct sse_request {
  explicit sse_request(const http_request& request);

  sse_filter filter;
  std::string last_id; ///< empty: only what is new …
  uint32_t recent = 0; ///< … after so many of the newest events
};

/// A client's place. Positions count the frames of this process.
struct sse_cursor {
  uint64_t next = 0; ///< position of the frame that it gets next
  sse_filter filter;
  uint64_t replay_to = 0; ///< frames before this position are history
  sse_id
    seen; ///< what a returning client has seen; number 0: all before `next`
  uint64_t expired = 0;    ///< events that are not held any more
  bool lost_place = false; ///< the client must get a "restarted" gap
};

/// A piece of the stream, shared by all clients at the same place.
struct sse_piece {
  std::shared_ptr<const std::string> text; ///< null if there is nothing to send
  uint64_t missed = 0;                     ///< events that this client has lost
};

} // namespace darkroom
