#define CAF_SUITE transfer_clock

#include "services/http/transfer_clock.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture {
  fixture() {
    settings.body_timeout = 30s;
    settings.max_body_time = 100s;
    settings.min_body_rate = 1000;
    clock = transfer_clock{settings, start};
  }

  std::chrono::milliseconds left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
      clock.deadline() - start);
  }

  http_settings settings;
  transfer_clock::time_point start{1h};
  transfer_clock clock;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(transfer_clock_tests, fixture)

CAF_TEST(a body that does not begin has the time of 64 KB) {
  CAF_CHECK_EQUAL(left().count(), 30000);
}

CAF_TEST(a body that trickles gains nothing by a byte now and then) {
  for (auto now = 1s; now <= 29s; now += 1s)
    clock.moved(1, start + now);
  CAF_CHECK_EQUAL(left().count(), 30000);
}

CAF_TEST(each 64 KB move the deadline) {
  clock.moved(65535, start + 10s);
  CAF_CHECK_EQUAL(left().count(), 30000);
  clock.moved(1, start + 10s);
  CAF_CHECK_EQUAL(left().count(), 40000);
}

CAF_TEST(below the least rate time is up although 64 KB came each time) {
  settings.min_body_rate = 10000;
  clock = transfer_clock{settings, start};
  clock.moved(65536, start + 29s);
  clock.moved(65536, start + 35s);
  CAF_CHECK_EQUAL(left().count(), 30000 + 13107);
}

CAF_TEST(a whole body has its time and no more) {
  for (auto now = 1s; now <= 90s; now += 1s)
    clock.moved(65536, start + now);
  CAF_CHECK_EQUAL(left().count(), 100000);
}

CAF_TEST(time that we took ourselves counts for nobody) {
  clock.waited(20s);
  CAF_CHECK_EQUAL(left().count(), 50000);
}

CAF_TEST_FIXTURE_SCOPE_END()
