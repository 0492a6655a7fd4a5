#include "nodes/signals.hpp"

#include "nodes/command.hpp"
#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
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

using steady = std::chrono::steady_clock;

/// Tells the second Ctrl-C of a person from the echo of the first.
class interrupts {
public:
  /// Whether the signal counts.
  bool take(int signal) {
    auto now = steady::now();
    auto is_echo = signal == SIGINT && now - last_ < std::chrono::seconds{1};
    if (signal == SIGINT && !is_echo)
      last_ = now;
    return !is_echo;
  }

private:
  steady::time_point last_ = steady::now() - std::chrono::hours{1};
};

/// Looks for another signal, without waiting long. @returns 0 if none came
int next_signal_of(const sigset_t& signals) {
  timespec moment{0, 20'000'000};
  return std::max(sigtimedwait(&signals, nullptr, &moment), 0);
}

/// Waits for the first signal that ends the node, and obeys the others.
int wait_for_end(const std::function<void()>& quiet,
                 const std::function<void()>& reload) {
  auto signals = ending_signals();
  sigaddset(&signals, SIGTSTP);
  sigaddset(&signals, SIGHUP);
  int signal = 0;
  while (sigwait(&signals, &signal) == 0) {
    if (signal == SIGTSTP) {
      spdlog::info("taking no more jobs (signal {})", signal);
      quiet();
    } else if (signal == SIGHUP) {
      reload();
    } else {
      break;
    }
  }
  return signal;
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
                       std::chrono::milliseconds limit,
                       const std::function<void()>& reload) {
  auto signals = ending_signals();
  interrupts counted;
  auto signal = wait_for_end(quiet, reload);
  counted.take(signal);
  spdlog::info("draining: no new jobs (signal {})", signal);
  auto deadline = steady::now() + limit;
  std::promise<int> drained;
  auto done = drained.get_future();
  auto drainer = guarded_thread("the drain", [&drain, &drained] {
    drained.set_value(drain());
  });
  for (int more = 0;
       done.wait_for(std::chrono::seconds{0}) != std::future_status::ready;) {
    signal = next_signal_of(signals);
    if (signal != 0 && counted.take(signal) && ++more == 1) {
      spdlog::warn("second signal: handing the running jobs back");
      force();
    }
    if (more > 1 || steady::now() > deadline) {
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

bool is_told_to_reload() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  timespec none{0, 0};
  return sigtimedwait(&signals, nullptr, &none) > 0;
}

void leave_within(std::chrono::milliseconds limit, int code, std::string why) {
  guarded_thread("the watch over the end", [limit, code, why] {
    std::this_thread::sleep_for(limit);
    spdlog::critical("{}", why);
    _exit(code);
  }).detach();
}

} // namespace darkroom
