#define CAF_SUITE queue_history

#include "services/redis/queue_history.hpp"
#include "tests/support/queue_fixture.hpp"

#include <numeric>

using namespace darkroom;

namespace {

constexpr int64_t minute = 60000;

struct history_fixture : queue_fixture {
  history_point point(uint64_t waiting, uint64_t completed,
                      uint64_t failed = 0) const {
    return {waiting, 1, 2, completed, failed};
  }

  /// Writes a point as it would have been written at this time.
  void put(const char* stream, int64_t at, const char* completed) {
    auto key = keys.own() + "history:" + stream;
    auto id = std::to_string(at);
    must(redis.call({"XADD", key, id, "w", "1", "c", completed}));
  }

  /// The time of Redis.
  int64_t now() {
    auto got = must(redis.call({"TIME"}));
    return number_of(*got->element[0]) * 1000 + 999;
  }

  queue_keys keys{settings.prefix, settings.name};
  redis_connection redis{test::shared_redis().settings()};
  queue_history history{redis, keys, 14};
};

uint64_t completed_in(const queue_course& course) {
  uint64_t out = 0;
  for (const auto& x : course.points)
    out += x ? x->completed : 0;
  return out;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_history_tests, history_fixture)

CAF_TEST(a queue without a course has points without values) {
  auto course = must(history.read(1, 7200500));
  CAF_CHECK_EQUAL(course.step, 10000);
  CAF_CHECK_EQUAL(course.from, 3600000);
  CAF_CHECK_EQUAL(course.points.size(), 361u);
  CAF_CHECK_EQUAL(completed_in(course), 0u);
  CAF_CHECK(!course.points.front() && !course.points.back());
}

CAF_TEST(what was noted is read back) {
  CAF_CHECK(history.note(point(7, 3, 1), now()));
  CAF_CHECK(history.note(point(5, 4), now()));
  auto course = must(history.read(1, now()));
  CAF_CHECK_EQUAL(completed_in(course), 7u);
  std::optional<history_point> last;
  for (const auto& x : course.points)
    if (x)
      last = x;
  CAF_REQUIRE(last);
  CAF_CHECK_EQUAL(last->waiting, 5u);
  CAF_CHECK_EQUAL(last->active, 1u);
  CAF_CHECK_EQUAL(last->delayed, 2u);
}

CAF_TEST(six points make one of a minute with the sum of what ended) {
  for (uint64_t i = 1; i <= 11; ++i)
    CAF_CHECK(history.note(point(i, i, 1), now()));
  auto course = must(history.read(24, now()));
  CAF_CHECK_EQUAL(course.step, 4 * minute);
  CAF_CHECK_EQUAL(completed_in(course), 21u);
  CAF_CHECK(history.note(point(12, 12), now()));
  CAF_CHECK_EQUAL(completed_in(must(history.read(24, now()))), 78u);
}

CAF_TEST(what is older than what is kept goes) {
  auto key = keys.own() + "history:coarse";
  for (auto i = 0; i < 1000; ++i)
    put("coarse", i + 1, "1");
  for (auto i = 0; i < 6; ++i)
    CAF_CHECK(history.note(point(1, 1), now()));
  auto left = number_of(*must(redis.call({"XLEN", key})));
  CAF_MESSAGE(left << " are left"); // whole nodes of the stream go
  CAF_CHECK(left < 200);
}

CAF_TEST(points of one step are added up and those before it are left out) {
  auto from = 1000 * 56 * minute; // a multiple of the step
  put("coarse", from - minute, "100");
  put("coarse", from + minute, "1");
  put("coarse", from + 2 * minute, "2");
  put("coarse", from + 239 * minute, "4");
  auto course = must(history.read(336, from + 336 * 60 * minute));
  CAF_CHECK_EQUAL(course.step, 56 * minute);
  CAF_CHECK_EQUAL(course.from, from);
  CAF_CHECK_EQUAL(course.points.front()->completed, 3u);
  CAF_CHECK_EQUAL(completed_in(course), 7u);
}

CAF_TEST(a long course is read to its end) {
  for (auto i = 1; i <= 5000; ++i)
    put("coarse", i * minute, "1");
  auto course = must(history.read(84, 5001 * minute));
  CAF_CHECK_EQUAL(course.step, 14 * minute);
  CAF_CHECK_EQUAL(completed_in(course), 5000u);
}

CAF_TEST(what another program wrote is no point) {
  auto key = keys.own() + "history:fine";
  must(redis.call({"XADD", key, "*", "w", "many", "zzz", "1"}));
  auto course = must(history.read(1, now()));
  CAF_CHECK_EQUAL(completed_in(course), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
