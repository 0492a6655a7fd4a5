/// Dead letters: filters jobs that failed for good, and visits them one by one.
#pragma once

#include "services/redis/queue_admin.hpp"

#include <functional>
#include <memory>
#include <regex>

namespace darkroom {

/// Which dead letters are meant. An empty member does not filter.
class dead_filter {
public:
  std::string name;       ///< the job's whole name
  int64_t newer_than = 0; ///< ms; failed then or later
  int64_t older_than = 0; ///< ms; failed then or before; 0 = until now

  /// Sets what the failure must contain.
  /// @param text a part of it, in any case; or "/regex/" (ECMAScript)
  /// @returns ec::bad_input, quoting an invalid expression
  status set_error(const std::string& text);

  /// Whether it filters by name or failure, and not only by time.
  bool has_text() const;

  /// Whether name and failure match. Redis has already checked the times.
  bool fits(const stored_job& job) const;

private:
  std::string part_; ///< lower case
  std::shared_ptr<const std::regex> pattern_;
};

/// What the visitor did with a dead letter.
enum class visited {
  kept, ///< it is still there
  gone, ///< redriven or removed
  last, ///< like `kept`, and the visitor wants no more
};

/// Calls `visit` with each dead letter that matches; reads 200 per round trip.
/// Leaves out jobs that die meanwhile.
/// @returns the first error of Redis or of `visit`
status
each_dead(queue_admin& queue, const dead_filter& filter, bool newest_first,
          int64_t now,
          const std::function<result<visited>(const stored_job&)>& visit);

} // namespace darkroom
