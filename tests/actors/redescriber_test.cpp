#define CAF_SUITE redescriber

#include "actors/redescriber.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(redescriber_tests, actor_fixture)

CAF_TEST(it looks at once and after each pause whether or not that fails) {
  int looks = 0;
  ends(sys.spawn(redescriber, milliseconds{10min}, [&looks]() -> status {
    if (++looks == 2)
      return fail(ec::redis_unavailable, "Redis is down");
    return ok;
  }));
  settle();
  CAF_CHECK_EQUAL(looks, 1);
  pass(9min, 1min);
  CAF_CHECK_EQUAL(looks, 1);
  pass(1min, 1min);
  CAF_CHECK_EQUAL(looks, 2);
  pass(10min, 1min);
  CAF_CHECK_EQUAL(looks, 3);
}

CAF_TEST_FIXTURE_SCOPE_END()
