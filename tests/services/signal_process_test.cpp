#define CAF_SUITE signal_process

#include "services/process/signal_process.hpp"
#include "tests/support/must.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

/// A child that waits; killed at the end.
class child {
public:
  explicit child(const std::function<void()>& life = [] {}) : pid_(fork()) {
    if (pid_ == 0) {
      life();
      for (;;)
        pause();
    }
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  process_identity identity() const {
    return identity_of(pid_);
  }
  pid_t pid() const {
    return pid_;
  }

  /// 'S' sleeps, 'T' is stopped, 'Z' has ended.
  static char state_of(pid_t pid) {
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string line;
    std::getline(file, line);
    auto end = line.rfind(')');
    return end == std::string::npos ? '?' : line.at(end + 2);
  }

  /// Waits until it is in that state, for a long time.
  bool comes_to(char state) const {
    for (int i = 0; i < 1000; ++i) {
      if (state_of(pid_) == state)
        return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

private:
  pid_t pid_;
};

} // namespace

CAF_TEST(a process is killed) {
  child victim;
  CAF_CHECK(kill_process(victim.identity()));
  CAF_CHECK(victim.comes_to('Z'));
}

CAF_TEST(another process with its number is left alone) {
  child bystander;
  auto earlier = bystander.identity();
  earlier.started = "1";
  CAF_CHECK(refused(kill_process(earlier)).code == ec::not_found);
  CAF_CHECK(refused(frozen_process::freeze(earlier, 1min)).code
            == ec::not_found);
  auto elsewhere = bystander.identity();
  elsewhere.machine = "elsewhere";
  CAF_CHECK(refused(kill_process(elsewhere)).code == ec::not_found);
  CAF_CHECK(!may_signal(elsewhere));
  CAF_CHECK(may_signal(bystander.identity()));
  CAF_CHECK(bystander.comes_to('S'));
}

CAF_TEST(a frozen process goes on when it is thawed) {
  child victim;
  auto frozen = must(frozen_process::freeze(victim.identity(), 10min));
  CAF_CHECK(victim.comes_to('T'));
  frozen.thaw();
  CAF_CHECK(victim.comes_to('S'));
}

CAF_TEST(a frozen process goes on at the end of its time) {
  child victim;
  auto frozen = must(frozen_process::freeze(victim.identity(), 200ms));
  CAF_CHECK(victim.comes_to('T'));
  CAF_CHECK(victim.comes_to('S'));
}

CAF_TEST(a frozen process goes on when whoever froze it is killed) {
  child victim;
  auto whom = victim.identity();
  child freezer{[whom] {
    static auto frozen = frozen_process::freeze(whom, 10min);
  }};
  CAF_CHECK(victim.comes_to('T'));
  CAF_CHECK(kill_process(freezer.identity()));
  CAF_CHECK(victim.comes_to('S'));
}

CAF_TEST(a second freeze does not hold the first one up) {
  child first;
  child second;
  auto one = must(frozen_process::freeze(first.identity(), 10min));
  auto other = must(frozen_process::freeze(second.identity(), 10min));
  CAF_CHECK(first.comes_to('T'));
  one.thaw();
  CAF_CHECK(first.comes_to('S'));
  CAF_CHECK(second.comes_to('T'));
}
