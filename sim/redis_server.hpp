/// The simulated Redis: the queue, the lease of the main node, and a server's
/// faults. It runs one script at a time and has its own clock.
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

  /// Ends the current wait, or the next one if nobody waits now.
  void interrupt();

  host_ptr home;
  std::function<void(end)> done; ///< empty: nobody waits
  bool is_interrupted = false;
  uint64_t count = 0; ///< of waits, to ignore the time-outs of older ones

  void finish(end how);
};
using marker_wait_ptr = std::shared_ptr<marker_wait>;

class redis_server {
public:
  using failure = std::string; ///< empty: it worked

  redis_server(stage& on, const queue_settings& settings, bug put_in);

  /// Runs a main node's script if it reaches the server and its fence holds,
  /// then calls `answer` at the caller's host.
  void call(const host_ptr& from, uint64_t fence, std::function<void()> script,
            std::function<void(failure)> answer);

  /// A command without a fence.
  void call(const host_ptr& from, std::function<void()> command,
            std::function<void(failure)> answer);

  /// BZPOPMIN until the time (ms).
  void wait_for_marker(const marker_wait_ptr& by, int64_t until);

  /// Sets the marker again, because the caller that took it does not use it.
  void restore_marker(const host_ptr& from);

  // -- the scripts
  store_reply step(const store_step& what, int64_t now);
  id_list return_orphans(struct return_orphans what);
  id_list renew(const renew_leases& what);
  id_list check_stalled(const renew_leases& running);
  void add(const new_job& what, int64_t now);

  // -- faults
  /// Refuses connections for this time.
  void refuse(microseconds duration);
  /// Takes commands, and runs them after this time.
  void hang(microseconds duration);
  /// Breaks all connections. Some answers and some commands are lost.
  void drop_connections();
  /// For this time, runs each command but does not answer every third one.
  void lose_answers(microseconds duration);

  /// Whether no command is under way.
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
  uint64_t connection_ = 0; ///< older ones were dropped
  uint64_t calls_ = 0;
};

} // namespace darkroom::sim
