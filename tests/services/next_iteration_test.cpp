#define CAF_SUITE next_iteration

#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/next_iteration.hpp"
#include "tests/support/queue_fixture.hpp"

#include <nlohmann/json.hpp>

using namespace darkroom;

namespace {

constexpr int64_t slot = 1700000000000;

std::optional<next_iteration>
after(const std::string& repeat, int64_t now = slot + 1, int64_t offset = 0) {
  return must(follow("repeat:s:" + std::to_string(slot), "s",
                     R"({"removeOnFail":5,"repeat":)" + repeat + "}", offset,
                     now));
}

int64_t due(const std::string& repeat, int64_t now = slot + 1,
            int64_t offset = 0) {
  auto next = after(repeat, now, offset);
  return next ? next->due : 0;
}

/// A queue with the scheduler "s", every 1000 ms, and its iteration at `slot`.
struct scheduler_fixture : queue_fixture {
  scheduler_fixture() {
    raw({"HSET", P + "repeat:s", "name", "tick", "every", "1000", "offset", "0",
         "ic", "1", "data", R"({"v":1})"});
    raw({"ZADD", P + "repeat", time, "s"});
    auto x = named("repeat:s:" + time);
    x.options = R"({"repeat":{"every":1000,"count":1},"priority":3})";
    add(x);
    raw({"HSET", P + x.id, "rjk", "s"});
    events();
  }
  std::string next = "repeat:s:1700000001000";
};

} // namespace

CAF_TEST(an interval goes on from its slot) {
  CAF_CHECK_EQUAL(due(R"({"every":1000})"), slot + 1000);
  CAF_CHECK_EQUAL(due(R"({"every":1000})", slot + 1000), slot + 1000);
  auto x = *after(R"({"every":1000,"count":4})", slot + 300);
  CAF_CHECK_EQUAL(x.slot, slot);
  CAF_CHECK_EQUAL(x.delay_ms, 700);
  auto options = nlohmann::json::parse(x.options);
  CAF_CHECK_EQUAL(options.dump(),
                  R"({"attempts":0,"delay":700,"jobId":)"
                  R"("repeat:s:1700000001000","removeOnFail":5,"repeat":)"
                  R"({"count":5,"every":1000},"repeatJobKey":"s",)"
                  R"("timestamp":1700000000300})");
}

CAF_TEST(slots that were missed are left out) {
  CAF_CHECK_EQUAL(due(R"({"every":1000})", slot + 1001), slot + 2000);
  CAF_CHECK_EQUAL(due(R"({"every":1000})", slot + 5000), slot + 6000);
  CAF_CHECK_EQUAL(due(R"({"every":1000})", slot + 5100, 250), slot + 5250);
  CAF_CHECK_EQUAL(due(R"({"every":1000})", slot + 5300, 250), slot + 6250);
}

CAF_TEST(a pattern goes on from now or from its slot) {
  // 1700000000 is Tuesday, November 14th 2023, 22:13:20 UTC.
  const auto* daily = R"({"pattern":"0 0 3 * * *","tz":"Europe/Berlin"})";
  CAF_CHECK_EQUAL(due(daily), 1700013600000);
  auto ahead = must(follow("repeat:s:1700013600000", "s",
                           R"({"prevMillis":1700013600000,"repeat":)"
                             + std::string{daily} + "}",
                           0, slot));
  CAF_CHECK_EQUAL(ahead->due, 1700100000000);
  CAF_CHECK(has(ahead->options, R"("prevMillis":1700100000000)"));
}

CAF_TEST(a limit and an end date end it) {
  CAF_CHECK(due(R"({"every":1000,"limit":3,"count":2})") != 0);
  CAF_CHECK(due(R"({"every":1000,"limit":3,"count":3})") == 0);
  CAF_CHECK(due(R"({"every":1000,"endDate":1700000000001})") != 0);
  CAF_CHECK(due(R"({"every":1000,"endDate":1700000000000})") == 0);
  CAF_CHECK(due(R"({"every":1000,"endDate":"2023-11-14T22:13:20.002Z"})") != 0);
  CAF_CHECK(due(R"({"every":1000,"endDate":"2023-11-14T22:13:20.000Z"})") == 0);
  CAF_CHECK(due(R"({"pattern":"* * * * *","endDate":1700000040000})") != 0);
  CAF_CHECK(due(R"({"pattern":"* * * * *","endDate":1700000039999})") == 0);
}

CAF_TEST(numbers of a template may be texts or very large) {
  CAF_CHECK_EQUAL(due(R"({"every":"1000"})"), slot + 1000);
  CAF_CHECK_EQUAL(due(R"({"every":1e300})"), slot + 9000000000000000);
  CAF_CHECK(due(R"({"every":1000,"limit":"3","count":3})") == 0);
  CAF_CHECK(due(R"({"every":1000,"limit":9.007199254741e+15,"count":3})") != 0);
  CAF_CHECK(due(R"({"every":1000,"endDate":9.007199254741e+15})") != 0);
  auto place = [](const std::string& options) {
    auto x
      = must(follow("repeat:s:" + std::to_string(slot), "s",
                    R"({"repeat":{"every":1000},)" + options + "}", 0, slot));
    return std::to_string(x->priority) + (x->lifo ? " lifo" : "");
  };
  CAF_CHECK_EQUAL(place(R"("priority":"3","lifo":"true")"), "3 lifo");
  CAF_CHECK_EQUAL(place(R"("priority":1e300,"lifo":0)"), "2097151");
}

CAF_TEST(a template that is tried for ever stays so) {
  auto x = must(follow("repeat:s:" + std::to_string(slot), "s",
                       R"({"attempts":9.007199254741e+15,"repeat":)"
                       R"({"every":1000}})",
                       0, slot));
  CAF_CHECK_EQUAL(parse_job_options(x->options).attempts,
                  static_cast<uint32_t>(INT32_MAX));
}

CAF_TEST(what does not say when it repeats is refused) {
  for (const auto* bad :
       {"{}", R"({"pattern":"61 * * * *"})", R"({"every":"no"})", "3",
        R"({"pattern":"* * * * *","tz":"Nowhere/At"})"})
    CAF_CHECK(refused(follow("repeat:s:1", "s",
                             R"({"repeat":)" + std::string{bad} + "}", 0, slot))
                .code
              == ec::bad_input);
  CAF_CHECK(refused(follow("repeat:other:1", "s", "{}", 0, slot)).code
            == ec::bad_input);
}

CAF_TEST_FIXTURE_SCOPE(job_scheduler_tests, scheduler_fixture)

CAF_TEST(taking an iteration adds the next one) {
  CAF_CHECK_EQUAL(claim(), strings{"repeat:s:" + time});
  CAF_CHECK_EQUAL(members("delayed"), strings{next});
  CAF_CHECK_EQUAL(score("repeat", "s"), "1700000001000");
  CAF_CHECK_EQUAL(field("repeat:s", "ic"), "2");
  CAF_CHECK_EQUAL(field(next, "name"), "tick");
  CAF_CHECK_EQUAL(field(next, "data"), R"({"v":1})");
  CAF_CHECK_EQUAL(field(next, "rjk"), "s");
  CAF_CHECK_EQUAL(field(next, "priority"), "3");
  CAF_CHECK_EQUAL(one({"GET", P + "id"}), "2");
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, 1), "added jobId=" + next + " name=tick");
  CAF_CHECK_EQUAL(nth(told, 2),
                  "delayed jobId=" + next + " delay=1700000001000");
}

CAF_TEST(a retry of an older iteration adds nothing) {
  auto x = claim_all().jobs.at(0);
  settle(ending(x, settle_kind::retry_now, "broke"));
  CAF_CHECK_EQUAL(claim().size(), 1u);
  CAF_CHECK_EQUAL(members("delayed"), strings{next});
  CAF_CHECK_EQUAL(field("repeat:s", "ic"), "2");
}

CAF_TEST(a scheduler that was removed ends) {
  raw({"ZREM", P + "repeat", "s"});
  CAF_CHECK_EQUAL(claim().size(), 1u);
  CAF_CHECK(!exists("delayed"));
}

CAF_TEST(a repeatable job of before v5 runs but does not repeat) {
  raw({"HDEL", P + "repeat:s", "ic"});
  CAF_CHECK_EQUAL(claim().size(), 1u);
  CAF_CHECK(!exists("delayed"));
}

CAF_TEST(an iteration that exists already is not added twice) {
  raw({"HSET", P + next, "name", "there"});
  claim();
  CAF_CHECK_EQUAL(field(next, "name"), "there");
  auto told = events();
  CAF_CHECK_EQUAL(told.back(), "duplicated jobId=" + next);
}

CAF_TEST(an iteration that stalls often goes on) {
  claim();
  for (int i = 0; i < 4; ++i) {
    raw({"DEL", P + "repeat:s:" + time + ":lock", P + "stalled-check"});
    must(queue.recover_stalled(now));
    raw({"DEL", P + "stalled-check"});
    must(queue.recover_stalled(now));
    auto reply = claim_all();
    CAF_CHECK_EQUAL(reply.jobs.at(0).deferred_failure, "");
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
