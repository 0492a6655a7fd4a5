/// The course of a queue over the last days, for the charts of the page.
#pragma once

#include "messages/result.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// The queue at a moment, and what ended since the point before it.
struct history_point {
  uint64_t waiting = 0; ///< waiting or prioritized
  uint64_t active = 0;
  uint64_t delayed = 0;
  uint64_t completed = 0; ///< jobs since the last point
  uint64_t failed = 0;    ///< for good, since the last point
};

/// Points at equal distances; nothing where nobody noted one.
struct queue_course {
  int64_t from = 0; ///< ms, of the first point
  int64_t step = 0; ///< ms between two points
  std::vector<std::optional<history_point>> points;
};

/// Keeps two streams in Redis: points every 10 s for the last two hours, and
/// points every minute for the days that are wanted, about 1.5 MB for 14 days.
/// Several processes may write, each what it has seen end. Not thread-safe.
class queue_history {
public:
  static constexpr std::chrono::milliseconds fine{10000};
  static constexpr std::chrono::milliseconds coarse{60000};

  /// @param days how long points are kept
  queue_history(redis_connection& redis, const queue_keys& keys, uint32_t days);

  /// Adds a point. Call it every `fine`. If the point of a minute cannot be
  /// added with it, the next call tries again.
  /// @param at ms since the epoch; what is older than is kept is dropped by it
  status note(const history_point& now, int64_t at);

  /// The last hours, in at most 361 points: the last states and the sums of
  /// those that fall into the same step.
  /// @param now ms since the epoch
  result<queue_course> read(uint32_t hours, int64_t now);

private:
  status add(const std::string& key, int64_t oldest, const history_point& x);
  status fill(const std::string& key, queue_course& out);

  redis_connection& redis_;
  const std::string fine_key_;
  const std::string coarse_key_;
  const std::chrono::milliseconds kept_; ///< coarse points
  history_point minute_;                 ///< what the next coarse point has
  uint32_t noted_ = 0; ///< fine points since the last coarse one
};

} // namespace darkroom
