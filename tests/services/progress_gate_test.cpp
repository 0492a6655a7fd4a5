#define CAF_SUITE progress_gate

#include "services/http/progress_gate.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture {
  progress_gate gate{100ms};
  progress_gate::clock::time_point now{};

  bool passes(uint64_t number, const std::string& job = "j",
              const std::string& type = "job-progress") {
    sse_event event{number, 1, type, "i", job, "{}"};
    return gate.passes(event, now);
  }

  std::vector<uint64_t> release() {
    std::vector<uint64_t> out;
    for (const auto& x : gate.release(now))
      out.push_back(x.number);
    return out;
  }
};

using numbers = std::vector<uint64_t>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(progress_gate_tests, fixture)

CAF_TEST(the first progress passes and the next one waits for its time) {
  CAF_CHECK(passes(1));
  CAF_CHECK(!passes(2));
  CAF_CHECK(!passes(3));
  CAF_CHECK(gate.next_due() == now + 100ms);
  CAF_CHECK_EQUAL(gate.held(), numbers{3});
  now += 99ms;
  CAF_CHECK(release().empty());
  now += 1ms;
  CAF_CHECK_EQUAL(release(), numbers{3});
  CAF_CHECK(!gate.next_due());
  CAF_CHECK(!passes(4));
  now += 100ms;
  CAF_CHECK_EQUAL(release(), numbers{4});
  now += 100ms;
  CAF_CHECK(passes(5));
}

CAF_TEST(jobs do not wait for each other) {
  CAF_CHECK(passes(1, "a"));
  CAF_CHECK(passes(2, "b"));
  CAF_CHECK(!passes(3, "b"));
  CAF_CHECK(!passes(4, "a"));
  now += 100ms;
  CAF_CHECK_EQUAL(release(), (numbers{3, 4}));
}

CAF_TEST(any other event of the job drops what waits) {
  CAF_CHECK(passes(1));
  CAF_CHECK(!passes(2));
  CAF_CHECK(passes(3, "j", "job-failed"));
  CAF_CHECK(gate.held().empty());
  now += 1000ms;
  CAF_CHECK(release().empty());
  CAF_CHECK(passes(4, "j", "job-active"));
  CAF_CHECK(passes(5));
}

CAF_TEST(what is due passes only after what waits) {
  CAF_CHECK(passes(1));
  CAF_CHECK(!passes(2));
  now += 200ms;
  CAF_CHECK(!passes(3)); // it takes the place of 2
  CAF_CHECK_EQUAL(release(), numbers{3});
}

CAF_TEST(without an interval everything passes) {
  progress_gate open{0ms};
  for (uint64_t number : {1, 2}) {
    sse_event event{number, 1, "job-progress", "i", "j", "{}"};
    CAF_CHECK(open.passes(event, now));
  }
}

CAF_TEST(the newest are named if many wait) {
  for (uint64_t i = 1; i <= 2 * most_owed; ++i) {
    passes(i, std::to_string(i));
    passes(1000 + i, std::to_string(i));
  }
  auto held = gate.held();
  CAF_CHECK_EQUAL(held.size(), most_owed);
  CAF_CHECK_EQUAL(held.front(), 1001 + most_owed);
  CAF_CHECK_EQUAL(held.back(), 1000 + 2 * most_owed);
}

CAF_TEST_FIXTURE_SCOPE_END()
