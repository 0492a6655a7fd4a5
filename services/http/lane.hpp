/// Kinds of requests that share threads, so that a kind that blocks does not
/// delay the others.
#pragma once

#include <cstddef>

namespace darkroom {

/// Who runs the handler of a route.
enum class http_lane {
  instant, ///< the I/O thread: must neither block nor compute for long
  probe,   ///< threads for probes only; never refused for being full
  api,     ///< may ask the catalog and actors
  redis,   ///< may ask Redis, and then the catalog and actors
  upload,  ///< writes a body to disk
  file,    ///< reads files and pages; asks no other process
  search,  ///< compares vectors; may ask a provider, and then the catalog
};

inline constexpr size_t http_lane_count = 7;

/// Whether the route is answered even when all connections are taken, and for
/// any Host.
constexpr bool is_probe(http_lane lane) {
  return lane == http_lane::instant || lane == http_lane::probe;
}

} // namespace darkroom
