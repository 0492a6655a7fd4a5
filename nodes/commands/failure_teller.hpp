/// Tells the catalog and the web tier about jobs that a command ended. On a
/// main node the dispatcher does this.
#pragma once

#include "actors/job_failure.hpp"
#include "config/settings.hpp"
#include "services/catalog/catalog.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/queue_admin.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Blocks. A failure here does not undo the command's work: failures are
/// counted, and `report` prints them. After a first failure the server is not
/// tried again, so the command waits only once for a slow server.
class failure_teller {
public:
  /// @param config must outlive this
  explicit failure_teller(const settings& config);

  /// From now on, tells about unfinished jobs that `admin` removes.
  /// @param admin must not remove anything after this object is gone
  void watch(queue_admin& admin);

  void tell(const std::vector<failed_job>& jobs);

  /// Prints on stderr what could not be told.
  void report() const;

private:
  status note(std::vector<part_note> notes);
  status publish(const std::vector<failed_job>& jobs);
  /// Opens the existing catalog; never makes one.
  status open();

  /// What was not told, and why.
  struct shortfall {
    uint64_t jobs = 0;
    std::string why = {};
  };
  /// Acts unless it failed before. Counts the jobs if it fails.
  static void attempt(shortfall& at, uint64_t jobs,
                      const std::function<status()>& act);

  const settings& config_;
  redis_connection redis_;
  std::optional<catalog> catalog_;
  shortfall unnoted_;
  shortfall unpublished_;
};

} // namespace darkroom
