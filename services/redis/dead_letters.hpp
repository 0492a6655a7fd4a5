/// Dead letters: jobs that failed for good, filtered and walked through.
#pragma once

#include "services/redis/queue_admin.hpp"

#include <functional>
#include <memory>
#include <regex>

namespace darkroom {

/// Which dead letters are meant; empty members leave it open.
class dead_filter {
public:
  std::string name;       ///< of the job, whole
  int64_t newer_than = 0; ///< ms; failed then or later
  int64_t older_than = 0; ///< ms; failed then or before; 0 = until now

  /// Sets what the failure must contain.
  /// @param text a part of it, in any case; or "/regex/" (ECMAScript)
  /// @returns ec::bad_input, quoting an expression that is none
  status set_error(const std::string& text);

  /// Whether it asks for a name or a failure, and not for times only.
  bool has_text() const;

  /// Whether name and failure fit; the times are Redis' part.
  bool fits(const stored_job& job) const;

private:
  std::string part_; ///< lower case
  std::shared_ptr<const std::regex> pattern_;
};

/// What became of a dead letter that was visited.
enum class visited {
  kept, ///< it is still there
  gone, ///< redriven or removed
  last, ///< as `kept`, and no more are wanted
};

/// Calls `visit` with each one that fits, in slices of 200. Jobs that die
/// meanwhile are not among them.
/// @returns the first error of Redis or of `visit`
status
each_dead(queue_admin& queue, const dead_filter& filter, bool newest_first,
          int64_t now,
          const std::function<result<visited>(const stored_job&)>& visit);

} // namespace darkroom
