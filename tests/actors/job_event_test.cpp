#define CAF_SUITE job_event

#include "actors/job_event.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

lease a_lease() {
  lease x;
  x.work.id = "7";
  x.work.name = "generate-metadata";
  x.work.attempts_made = 1;
  x.work.options.attempts = 3;
  x.image_id = "cat";
  x.started = 1000;
  return x;
}

settlement how(settle_kind kind) {
  settlement x;
  x.kind = kind;
  x.value = "text";
  return x;
}

} // namespace

CAF_TEST(an active event says who runs which attempt since when) {
  auto e = active_event(a_lease(), "node-1");
  CAF_CHECK(e.kind == event_kind::active);
  CAF_CHECK_EQUAL(e.job_id, "7");
  CAF_CHECK_EQUAL(e.job_name, "generate-metadata");
  CAF_CHECK_EQUAL(e.image_id, "cat");
  CAF_CHECK_EQUAL(e.node, "node-1");
  CAF_CHECK_EQUAL(e.timestamp, 1000);
  CAF_CHECK_EQUAL(e.attempt, 2u);
  CAF_CHECK_EQUAL(e.max_attempts, 3u);
}

CAF_TEST(a job of zero attempts is told as a job of one) {
  auto x = a_lease();
  for (auto [stored, told] : {std::pair{0u, 1u}, {1u, 1u}, {2u, 2u}}) {
    x.work.options.attempts = stored;
    CAF_CHECK_EQUAL(active_event(x, "n").max_attempts, told);
  }
}

CAF_TEST(a progress event carries the value and its time) {
  auto e = progress_event(a_lease(), R"({"a":1})", 1234);
  CAF_CHECK(e.kind == event_kind::progress);
  CAF_CHECK_EQUAL(e.progress, R"({"a":1})");
  CAF_CHECK_EQUAL(e.timestamp, 1234);
}

CAF_TEST(a completed event says how long the job ran) {
  auto e = ended_event(a_lease(), how(settle_kind::complete), 1750);
  CAF_REQUIRE_EQUAL(e.size(), 1u);
  CAF_CHECK(e[0].kind == event_kind::completed);
  CAF_CHECK_EQUAL(e[0].duration_ms, 750);
  CAF_CHECK_EQUAL(e[0].timestamp, 1750);
}

CAF_TEST(only a failure for good is final) {
  for (auto kind :
       {settle_kind::fail, settle_kind::retry_now, settle_kind::retry_later}) {
    auto ending = how(kind);
    ending.delay_ms = kind == settle_kind::retry_later ? 4000 : 0;
    auto e = ended_event(a_lease(), ending, 1750);
    CAF_REQUIRE_EQUAL(e.size(), 1u);
    CAF_CHECK(e[0].kind == event_kind::failed);
    CAF_CHECK_EQUAL(e[0].error, "text");
    CAF_CHECK_EQUAL(e[0].is_final, kind == settle_kind::fail);
    CAF_CHECK_EQUAL(e[0].retry_in_ms, ending.delay_ms);
  }
}

CAF_TEST(no attempt ends when a job is postponed or given back) {
  CAF_CHECK(ended_event(a_lease(), how(settle_kind::postpone), 1).empty());
  CAF_CHECK(ended_event(a_lease(), how(settle_kind::give_back), 1).empty());
}
