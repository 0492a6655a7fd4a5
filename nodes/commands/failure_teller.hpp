/// Tells the catalog and the web tier about jobs that a command ended: what the
/// dispatcher does on a main node, without one.
#pragma once

#include "actors/job_failure.hpp"
#include "config/settings.hpp"
#include "services/catalog/catalog.hpp"
#include "services/redis/connection.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Blocks. A command's work is done whatever happens here: what could not be
/// told is counted, and `report` says it. After a first failure nothing more is
/// tried, so that a slow server is waited for once.
class failure_teller {
public:
  /// @param config outlives this
  explicit failure_teller(const settings& config);

  /// From here on tells what this removes before it has ended.
  /// @param admin must not remove anything once this is gone
  void watch(queue_admin& admin);

  void tell(const std::vector<failed_job>& jobs);

  /// Says on stderr what could not be told.
  void report() const;

private:
  status note(std::vector<part_note> notes);
  status publish(const std::vector<failed_job>& jobs);
  /// Opens the catalog that is there; never makes one.
  status open();

  /// What was not told, and why.
  struct shortfall {
    uint64_t jobs = 0;
    std::string why = {};
  };
  /// Acts, unless it failed before; counts the jobs if it fails.
  static void attempt(shortfall& at, uint64_t jobs,
                      const std::function<status()>& act);

  const settings& config_;
  redis_connection redis_;
  std::optional<catalog> catalog_;
  shortfall unnoted_;
  shortfall unpublished_;
};

} // namespace darkroom
