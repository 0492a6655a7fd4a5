/// The kinds of requests that share threads, so that one kind which blocks
/// holds up no other.
#pragma once

#include <cstddef>

namespace darkroom {

/// Who runs a route's handler.
enum class http_lane {
  instant, ///< the I/O thread: it must not block, nor compute for long
  probe,   ///< a thread of the probes' own; never refused for being full
  api,     ///< may ask Redis, the catalog and actors
  upload,  ///< takes a body to the disk
  file,    ///< reads files and pages: no other process is asked
};

inline constexpr size_t http_lane_count = 5;

/// Whether it is answered where all connections are taken, and whatever Host
/// it is asked by.
constexpr bool is_probe(http_lane lane) {
  return lane == http_lane::instant || lane == http_lane::probe;
}

} // namespace darkroom
