#define CAF_SUITE chore

#include "actors/chore.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/log_lines.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(chore_tests, actor_fixture)

CAF_TEST(it works at once and after each pause whether or not that fails) {
  int times = 0;
  ends(sys.spawn(chore, "it failed", milliseconds{10min}, [&times]() -> status {
    if (++times == 2)
      return fail(ec::redis_unavailable, "Redis is down");
    return ok;
  }));
  settle();
  CAF_CHECK_EQUAL(times, 1);
  pass(9min, 1min);
  CAF_CHECK_EQUAL(times, 1);
  pass(1min, 1min);
  CAF_CHECK_EQUAL(times, 2);
  pass(10min, 1min);
  CAF_CHECK_EQUAL(times, 3);
}

CAF_TEST(a failure that lasts is logged once) {
  log_lines log;
  int times = 0;
  ends(sys.spawn(chore, "nothing was swept", milliseconds{1min},
                 [&times]() -> status {
                   if (++times == 3)
                     return ok;
                   return fail(ec::redis_unavailable, "Redis is down");
                 }));
  settle();
  pass(1min, 1min);
  CAF_CHECK_EQUAL(log.count("nothing was swept: Redis is down"), 1u);
  pass(2min, 1min);
  CAF_CHECK_EQUAL(times, 4);
  CAF_CHECK_EQUAL(log.count("nothing was swept: Redis is down"), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
