/// A job's way to the permits for its calls.
#define CAF_SUITE main_desk

#include "actors/jobs/job_type.hpp"
#include "actors/main_desk.hpp"
#include "tests/support/pool_live_fixture.hpp"

#include <thread>

using namespace darkroom;

namespace {

/// The pool's dispatcher gives these answers, one per question.
struct desk_fixture : pool_live_fixture {
  desk_fixture() {
    work.id = "7";
    work.token = "t:1";
    start();
  }

  main_desk desk(std::chrono::milliseconds slack = std::chrono::hours{1}) {
    return {live.sys, pool, work, control, slack};
  }

  static provider_query question() {
    return {{}, {}, "vision", {"a"}, {}};
  }

  job work;
  run_control control;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(main_desk_tests, desk_fixture)

CAF_TEST(a call is booked in the name of the job) {
  CAF_CHECK(bool{desk().book(question())});
  CAF_CHECK_EQUAL(calls.at(0).job_id, "7");
  CAF_CHECK_EQUAL(calls.at(0).token, "t:1");
}

CAF_TEST(a call that comes too late waits in line and costs no attempt) {
  call_wait = 70000;
  auto may = desk().book(question());
  CAF_REQUIRE(!may);
  auto out = failed(work, may.error());
  CAF_CHECK(out.kind == outcome_kind::throttled);
  CAF_CHECK_EQUAL(out.retry_after_ms, 70000);
}

CAF_TEST(amid an attempt it waits longer in its slot) {
  call_wait = 70000;
  auto one = desk();
  provider_report bad;
  bad.resource = "vision";
  bad.profile_id = "a";
  bad.end = call_end::bad_answer;
  one.report(bad);
  std::thread later{[this] {
    calls.wait_for(1);
    control.ask();
  }};
  auto may = one.book(question());
  later.join();
  CAF_REQUIRE(!may);
  CAF_CHECK(may.error().code == ec::cancelled);
}

CAF_TEST(a call that comes a little late waits in its slot) {
  call_wait = 1;
  std::thread later{[this] {
    calls.wait_for(2);
    call_wait = 0;
  }};
  CAF_CHECK(bool{desk().book(question())});
  later.join();
}

CAF_TEST(a booking whose answer was long on its way is made again) {
  std::thread later{[this] {
    calls.wait_for(2);
    control.ask();
  }};
  auto may = desk(std::chrono::milliseconds{-1}).book(question());
  CAF_REQUIRE(!may);
  CAF_CHECK(may.error().code == ec::cancelled);
  later.join();
}

CAF_TEST(a job whose lease is lost makes no call) {
  call_wait = -1;
  auto may = desk().book(question());
  CAF_REQUIRE(!may);
  CAF_CHECK(may.error().code == ec::fenced);
}

CAF_TEST(a job that is stopped does not wait for its booking) {
  lose_dispatcher();
  control.ask();
  auto may = desk().book(question());
  CAF_REQUIRE(!may);
  CAF_CHECK(may.error().code == ec::cancelled);
}

CAF_TEST(what a provider said is one line of the log) {
  provider_report what;
  what.resource = "vision";
  what.profile_id = "a";
  what.words = "no\nmore" + std::string(5000, '!');
  desk().report(what);
  auto told = reports.at(0);
  CAF_CHECK_EQUAL(told.job_id, "7");
  CAF_CHECK_EQUAL(told.words.substr(0, 8), "no more!");
  CAF_CHECK_LESS_OR_EQUAL(told.words.size(), 1000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
