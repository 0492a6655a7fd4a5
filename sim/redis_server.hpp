/// The simulated Redis: the queue, the lease of the main node, and how a server
/// fails. One script at a time, at its own clock.
#pragma once

#include "sim/bug.hpp"
#include "sim/ledger.hpp"
#include "sim/main_lease_model.hpp"
#include "sim/queue_model.hpp"
#include "sim/stage.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom::sim {

/// Waits for the queue's marker on behalf of one process.
class marker_wait {
public:
  enum class end { marked, deadline, interrupted, failed };

  /// Ends the present or the next wait.
  void interrupt();

  host_ptr home;
  std::function<void(end)> done; ///< empty: nobody waits
  bool is_interrupted = false;
  uint64_t count = 0; ///< of waits: a late time-out is of an older one

  void finish(end how);
};
using marker_wait_ptr = std::shared_ptr<marker_wait>;

class redis_server {
public:
  using failure = std::string; ///< empty: none

  redis_server(stage& on, const queue_settings& settings, bug put_in);

  /// A script of a main node: runs `script` if it gets there and its fence
  /// holds, then calls `answer` at the caller's host.
  void call(const host_ptr& from, uint64_t fence, std::function<void()> script,
            std::function<void(failure)> answer);

  /// A command without a fence.
  void call(const host_ptr& from, std::function<void()> command,
            std::function<void(failure)> answer);

  /// BZPOPMIN until the time (ms).
  void wait_for_marker(const marker_wait_ptr& by, int64_t until);

  /// Sets the marker: whoever took it away makes no use of it.
  void restore_marker(const host_ptr& from);

  // -- the scripts
  store_reply step(const store_step& what, int64_t now);
  id_list return_orphans(struct return_orphans what);
  id_list renew(const renew_leases& what);
  id_list check_stalled(const renew_leases& running);
  void add(const new_job& what, int64_t now);

  // -- faults
  /// Does not listen for so long.
  void refuse(microseconds duration);
  /// Takes commands, and does them after so long.
  void hang(microseconds duration);
  /// Breaks all connections: some answers are lost, some commands too.
  void drop_connections();
  /// Does each command, and gives no answer to each third, for so long.
  void lose_answers(microseconds duration);

  /// No command is on its way.
  bool is_idle() const {
    return calls_ == 0;
  }
  const queue_model& queue() const {
    return queue_;
  }
  bug put_in() const {
    return bug_;
  }
  main_lease_model& lease() {
    return lease_;
  }
  ledger& books() {
    return books_;
  }

private:
  void end_call(const host_ptr& from, microseconds after, uint64_t connection,
                failure why, std::function<void(failure)> answer);
  void tell_waiting();

  stage& stage_;
  bug bug_;
  queue_model queue_;
  main_lease_model lease_;
  ledger books_;
  std::vector<marker_wait_ptr> waiting_;
  microseconds refuses_until_{0};
  microseconds hangs_until_{0};
  microseconds loses_until_{0};
  uint64_t connection_ = 0; ///< those before were dropped
  uint64_t calls_ = 0;
};

} // namespace darkroom::sim
