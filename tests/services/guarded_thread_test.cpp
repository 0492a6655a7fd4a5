#define CAF_SUITE guarded_thread

#include "services/process/guarded_thread.hpp"
#include "services/process/last_answer.hpp"
#include "tests/support/test.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <stdexcept>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct ended_child {
  int code = -1; ///< of its exit
  std::string log;
};

/// Runs `work` in a child process, which would end with 77 by itself.
ended_child run_in_child(const std::function<void()>& work) {
  int ends[2];
  CAF_REQUIRE(::pipe(ends) == 0);
  auto pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    spdlog::set_default_logger(spdlog::stderr_logger_mt("child"));
    work();
    ::_exit(77);
  }
  ::close(ends[1]);
  ended_child out;
  char piece[4096];
  for (ssize_t got; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
    out.log.append(piece, static_cast<size_t>(got));
  ::close(ends[0]);
  int how = 0;
  ::waitpid(pid, &how, 0);
  out.code = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
  return out;
}

} // namespace

CAF_TEST(a thread that throws is logged and ends the process with 1) {
  auto ended = run_in_child([] {
    auto thread = guarded_thread("the reader", [] {
      throw std::runtime_error("no such luck");
    });
    thread.join();
  });
  CAF_CHECK_EQUAL(ended.code, 1);
  CAF_CHECK_NOT_EQUAL(ended.log.find("[critical]"), std::string::npos);
  CAF_CHECK_NOT_EQUAL(
    ended.log.find("the reader ended by an exception: no such luck"),
    std::string::npos);
}

CAF_TEST(a callback that must not be lost ends the process too) {
  auto ended = run_in_child([] {
    auto callback = guarded("the acceptor", [](int x) -> int { throw x; });
    (void)callback(7);
  });
  CAF_CHECK_EQUAL(ended.code, 1);
  CAF_CHECK_NOT_EQUAL(ended.log.find("an unknown exception"),
                      std::string::npos);
}

CAF_TEST(a thread that returns ends nothing) {
  auto ended = run_in_child([] { guarded_thread("the reader", [] {}).join(); });
  CAF_CHECK_EQUAL(ended.code, 77);
}

CAF_TEST(the answer to a question that hangs is the one before it) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  std::atomic<int> asked = 0;
  {
    last_answer<int> number{"the counter", [&asked, opened] {
                              auto mine = ++asked;
                              if (mine > 1)
                                opened.wait();
                              return mine;
                            }};
    CAF_CHECK_EQUAL(number.get(60s).value.value_or(0), 1);
    CAF_CHECK_EQUAL(number.get(1ms).value.value_or(0), 1); // the second hangs
    while (asked < 2)
      std::this_thread::yield();
    // For longer than the patience: at once, as nothing else could end this.
    auto late = number.get(0ms);
    CAF_CHECK_EQUAL(late.value.value_or(0), 1);
    gate.set_value();
    // A question of its own: neither the old answer nor the one under way.
    CAF_CHECK_EQUAL(number.get(60s).value.value_or(0), 3);
  }
  CAF_CHECK_EQUAL(asked, 3);
}

CAF_TEST(nothing is known before the first answer) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  last_answer<int> number{"the counter", [opened] {
                            opened.wait();
                            return 1;
                          }};
  CAF_CHECK(!number.get(1ms).value);
  gate.set_value();
  CAF_CHECK(number.get(60s).value);
}
