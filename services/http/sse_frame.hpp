/// What a stream sends to clients: an event, or that some are missing. Internal
/// to services/http.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// One frame, and what decides who gets it.
struct sse_frame {
  std::string id;      ///< what a client has seen after this frame
  uint64_t number = 0; ///< 0: a gap
  uint64_t place = 0;  ///< the highest number up to here
  uint64_t offset = 0; ///< bytes of all frames before
  int64_t at = 0;      ///< ms, when it was kept
  std::string type;
  std::string image_id;
  std::string job_id;
  std::string body;          ///< the frame, without its id
  const char* gap = nullptr; ///< why there is a gap
};

/// The frame of a gap, without its id.
/// @param missed 0: nobody knows
std::string gap_body(const char* reason, uint64_t missed);

} // namespace darkroom
