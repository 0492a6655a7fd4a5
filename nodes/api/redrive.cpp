#include "nodes/api/redrive.hpp"

#include "config/clock.hpp"
#include "services/process/guarded_thread.hpp"
#include "services/redis/dead_letters.hpp"
#include "services/redis/failure_cause.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

redrive::redrive(const redis_settings& redis, const queue_settings& queue)
  : admin_(redis, queue) {}

redrive::~redrive() {
  stop();
}

status redrive::start(redrive_request what) {
  std::lock_guard guard{mutex_};
  if (state_.name == "running")
    return fail(ec::conflict, "dead letters are being redriven already");
  if (thread_.joinable())
    thread_.join(); // it has ended
  state_ = {"running", 0, 0, wall_clock_ms(), 0, {}};
  is_stopping_ = false;
  thread_ = guarded_thread("the redrive's thread",
                           [this, what = std::move(what)] { run(what); });
  return ok;
}

void redrive::stop() {
  std::thread ending;
  {
    std::lock_guard guard{mutex_};
    is_stopping_ = true;
    changed_.notify_all();
    ending = std::move(thread_);
  }
  if (ending.joinable())
    ending.join();
}

redrive_state redrive::state() {
  std::lock_guard guard{mutex_};
  return state_;
}

bool redrive::wait_until(std::chrono::steady_clock::time_point turn) {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, turn, [this] { return is_stopping_; });
  return !is_stopping_;
}

void redrive::run(const redrive_request& what) {
  using clock = std::chrono::steady_clock;
  auto turn = clock::now();
  uint64_t done = 0;
  auto is_stopped = false;
  auto walked = each_dead(
    admin_, what.which, false, wall_clock_ms(),
    [&](const stored_job& job) -> result<visited> {
      if (what.limit > 0 && done == what.limit)
        return visited::last;
      auto is_meant = what.cause.empty()
                      || cause_of(field_of(job, "failedReason")) == what.cause;
      if (!wait_until(is_meant ? turn : clock::now())) {
        is_stopped = true;
        return visited::last;
      }
      if (!is_meant)
        return visited::kept;
      turn = std::max(turn, clock::now()) + what.pace;
      auto back = admin_.retry(job.id, true, wall_clock_ms());
      auto code = back ? ec::none : back.error().code;
      if (!back && code != ec::not_found && code != ec::conflict)
        return std::move(back.error());
      std::lock_guard guard{mutex_};
      done += back ? 1 : 0;
      ++(back ? state_.redriven : state_.refused);
      return code == ec::conflict ? visited::kept : visited::gone;
    });
  std::lock_guard guard{mutex_};
  state_.ended_at = wall_clock_ms();
  state_.name = !walked ? "failed" : is_stopped ? "stopped" : "done";
  if (!walked)
    state_.error = walked.error().context;
  spdlog::info("redrive of dead letters: {} jobs are back in line{}",
               state_.redriven, walked ? "" : ", then: " + state_.error);
}

} // namespace darkroom
