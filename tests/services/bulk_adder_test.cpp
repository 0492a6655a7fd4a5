#define CAF_SUITE bulk_adder

#include "services/redis/bulk_adder.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(bulk_adder_tests, queue_fixture)

CAF_TEST(any number of jobs is added in its order) {
  uint64_t total = 0;
  for (auto count : {0u, 1u, 199u, 200u, 201u, 1500u}) {
    bulk_adder adder{queue};
    for (unsigned i = 0; i < count; ++i)
      must(adder.add(plain()));
    must(adder.finish());
    CAF_CHECK_EQUAL(adder.report().added, count);
    if (count > 0) {
      CAF_CHECK_EQUAL(adder.report().first_id, std::to_string(total + 1));
      CAF_CHECK_EQUAL(adder.report().last_id, std::to_string(total + count));
    }
    total += count;
    CAF_CHECK_EQUAL(list("wait").size(), total);
  }
  auto waiting = list("wait");
  CAF_CHECK_EQUAL(waiting.front(), std::to_string(total));
  CAF_CHECK_EQUAL(waiting.back(), "1");
}

CAF_TEST(the queue works on after a bulk add) {
  bulk_adder adder{queue};
  must(adder.add(plain()));
  must(adder.finish());
  CAF_CHECK_EQUAL(claim(), strings{"1"});
}

CAF_TEST(each job goes where its options say) {
  bulk_adder adder{queue};
  must(adder.add(delayed(1000)));
  must(adder.add(ranked(3)));
  must(adder.add(named("mine")));
  must(adder.finish());
  CAF_CHECK_EQUAL(members("delayed"), strings{"1"});
  CAF_CHECK_EQUAL(members("prioritized"), strings{"2"});
  CAF_CHECK_EQUAL(list("wait"), strings{"mine"});
}

CAF_TEST_FIXTURE_SCOPE_END()
