#define CAF_SUITE run_control

#include "actors/run_control.hpp"
#include "tests/support/test.hpp"

#include <atomic>
#include <future>
#include <thread>

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST(a new control is not cancelled) {
  run_control control;
  CAF_CHECK(!control.is_cancelled());
  CAF_CHECK(!*control.flag());
  CAF_CHECK(control.sleep_for(0ms));
  CAF_CHECK(control.sleep_for(1ms));
}

CAF_TEST(a cancel is seen by the flag and by every later sleep) {
  run_control control;
  control.cancel();
  CAF_CHECK(control.is_cancelled());
  CAF_CHECK(*control.flag());
  CAF_CHECK(!control.sleep_for(0ms));
  CAF_CHECK(!control.sleep_for(1h));
}

CAF_TEST(a reset makes ready for the next job) {
  run_control control;
  control.cancel();
  control.reset();
  CAF_CHECK(!control.is_cancelled());
  CAF_CHECK(control.sleep_for(0ms));
}

CAF_TEST(a cancel calls the hook once each time) {
  run_control control;
  int calls = 0;
  control.on_cancel([&] { ++calls; });
  control.cancel();
  CAF_CHECK_EQUAL(calls, 1);
  control.cancel();
  CAF_CHECK_EQUAL(calls, 2);
  control.on_cancel({});
  control.cancel();
  CAF_CHECK_EQUAL(calls, 2);
}

CAF_TEST(who is only asked to stop sees it and its hook is not called) {
  run_control control;
  int calls = 0;
  control.on_cancel([&] { ++calls; });
  control.ask();
  CAF_CHECK(control.is_cancelled());
  CAF_CHECK(!control.sleep_for(1h));
  CAF_CHECK_EQUAL(calls, 0);
}

CAF_TEST(a hook sees that its control is cancelled) {
  run_control control;
  bool seen = false;
  control.on_cancel([&] { seen = control.is_cancelled(); });
  control.cancel();
  CAF_CHECK(seen);
}

CAF_TEST(a hook that is forgotten does not run any more) {
  run_control control;
  std::promise<void> began;
  std::promise<void> may_end;
  std::atomic<bool> is_over = false;
  control.on_cancel([&] {
    began.set_value();
    may_end.get_future().wait();
    is_over = true;
  });
  std::thread canceller{[&] {
    control.cancel();
  }};
  began.get_future().wait();
  std::thread ending{[&] {
    may_end.set_value();
  }};
  control.on_cancel({}); // the job has ended: what the hook uses goes
  CAF_CHECK(is_over);
  canceller.join();
  ending.join();
}

CAF_TEST(a hook that came before a reset survives it) {
  run_control control;
  int calls = 0;
  control.on_cancel([&] { ++calls; });
  control.reset();
  control.cancel();
  CAF_CHECK_EQUAL(calls, 1);
}

CAF_TEST(a cancel from another thread ends a sleep) {
  run_control control;
  bool is_whole = true;
  std::thread sleeper{[&] {
    is_whole = control.sleep_for(1h);
  }};
  control.cancel();
  sleeper.join();
  CAF_CHECK(!is_whole);
}
