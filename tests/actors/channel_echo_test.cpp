#define CAF_SUITE channel_echo

#include "actors/channel_echo.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(what was read from the ring is own once) {
  channel_echo echo;
  echo.await(1, "a", false);
  echo.await(2, "b", false);
  CAF_CHECK(echo.is_own("a"));
  CAF_CHECK(!echo.is_own("a"));
  CAF_CHECK(!echo.is_own("x"));
  CAF_CHECK(echo.is_own("b"));
}

CAF_TEST(equal texts are told apart by how often they come) {
  channel_echo echo;
  echo.await(1, "a", false);
  echo.await(2, "a", false);
  CAF_CHECK(echo.is_own("a"));
  CAF_CHECK(echo.is_own("a"));
  CAF_CHECK(!echo.is_own("a"));
}

CAF_TEST(what others published is in the ring after it was heard) {
  channel_echo echo;
  CAF_CHECK(!echo.is_own("x"));
  echo.await(1, "x", true);
  CAF_CHECK(!echo.is_own("x"));
}

CAF_TEST(what is not heard is forgotten with the next that is) {
  channel_echo echo;
  echo.await(1, "a", false);
  echo.await(2, "b", false);
  CAF_CHECK(echo.is_own("b"));
  CAF_CHECK(!echo.is_own("a"));
}

CAF_TEST(events from before the subscription are not expected) {
  channel_echo echo;
  echo.listen_after(2);
  for (uint64_t i = 1; i <= 3; ++i)
    echo.await(i, "a", false);
  CAF_CHECK(echo.is_own("a"));
  CAF_CHECK(!echo.is_own("a"));
}

CAF_TEST(unknown messages are taken for events that were never read) {
  channel_echo echo;
  echo.await(1, "a", false);
  echo.await(4, "d", false); // 2 and 3 were dropped before
  CAF_CHECK(echo.is_own("a"));
  CAF_CHECK(echo.is_own("b"));
  CAF_CHECK(echo.is_own("c"));
  CAF_CHECK(!echo.is_own("x"));
  CAF_CHECK(echo.is_own("d"));
}

CAF_TEST(a hole ends with the next event that is heard) {
  channel_echo echo;
  echo.await(1, "a", false);
  echo.await(4, "d", false);
  CAF_CHECK(echo.is_own("d"));
  CAF_CHECK(!echo.is_own("x"));
}

CAF_TEST(a ring that was lost leaves nothing to expect) {
  channel_echo echo;
  echo.await(7, "a", false);
  echo.forget();
  CAF_CHECK(!echo.is_own("a"));
  echo.await(1, "b", false);
  CAF_CHECK(echo.is_own("b"));
}
