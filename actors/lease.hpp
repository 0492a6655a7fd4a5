/// What the dispatcher knows about one job that runs.
#pragma once

#include "messages/interfaces.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// A job that this dispatcher has locked and not yet settled.
struct lease {
  job work; ///< without its data, which only the pool needs
  std::string image_id;
  std::string file_path;
  processor_pool_actor pool;
  int64_t started = 0;    ///< ms
  bool holds_slot = true; ///< its outcome has not arrived yet
  bool lost = false;      ///< another run has the lock: the result is void
  bool cancelled = false; ///< fails for good unless it completes
  bool is_ending = false; ///< its settlement was sent, without answer yet
  uint64_t serial = 0;    ///< of its outcome; 0 = not here yet
  uint32_t updates_in_flight = 0; ///< the job is settled after these
};

/// A lease's key. The id alone is not enough: a job that was given back may be
/// claimed again before its first settlement is answered.
inline std::string key_of(const std::string& job_id, const std::string& token) {
  return token + ' ' + job_id;
}

} // namespace darkroom
