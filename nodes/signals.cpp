#include "nodes/signals.hpp"

#include "nodes/command.hpp"
#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

namespace darkroom {

namespace {

sigset_t ending_signals() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGTERM);
  sigaddset(&out, SIGINT);
  return out;
}

/// Checks for another signal, without waiting long.
bool is_signalled_again(const sigset_t& signals) {
  timespec moment{0, 20'000'000};
  return sigtimedwait(&signals, nullptr, &moment) > 0;
}

} // namespace

void block_signals() {
  auto signals = ending_signals();
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGTSTP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int serve_until_signal(const std::function<void()>& quiet,
                       const std::function<int()>& drain,
                       const std::function<void()>& force,
                       std::chrono::milliseconds limit) {
  auto signals = ending_signals();
  auto first = signals;
  sigaddset(&first, SIGTSTP);
  int signal = 0;
  while (sigwait(&first, &signal) == 0 && signal == SIGTSTP) {
    spdlog::info("taking no more jobs (signal {})", signal);
    quiet();
  }
  spdlog::info("draining: no new jobs (signal {})", signal);
  auto deadline = std::chrono::steady_clock::now() + limit;
  std::promise<int> drained;
  auto done = drained.get_future();
  auto drainer = guarded_thread("the drain", [&drain, &drained] {
    drained.set_value(drain());
  });
  for (int more = 0;
       done.wait_for(std::chrono::seconds{0}) != std::future_status::ready;) {
    if (is_signalled_again(signals) && ++more == 1) {
      spdlog::warn("second signal: handing the running jobs back");
      force();
    }
    if (more > 1 || std::chrono::steady_clock::now() > deadline) {
      spdlog::critical("the drain did not end in time: leaving");
      _exit(exit_no_drain);
    }
  }
  drainer.join();
  return done.get();
}

bool is_told_to_stop(std::chrono::milliseconds limit) {
  auto signals = ending_signals();
  timespec most{limit.count() / 1000, limit.count() % 1000 * 1'000'000};
  return sigtimedwait(&signals, nullptr, &most) > 0;
}

void leave_within(std::chrono::milliseconds limit) {
  guarded_thread("the watch over the end", [limit] {
    std::this_thread::sleep_for(limit);
    spdlog::critical("the node did not stop in time: leaving");
    _exit(exit_no_drain);
  }).detach();
}

} // namespace darkroom
