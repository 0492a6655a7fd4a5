/// The PROCESSOR POOL keeps outcomes until they are settled, also in a drain.
#define CAF_SUITE processor_pool_outcome

#include "actors/processor_pool.hpp"
#include "tests/support/pool_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : pool_fixture {
  void tell_settled(std::vector<uint64_t> serials) {
    post_from(caf::actor_cast<caf::strong_actor_ptr>(dispatcher_),
              {{}, std::move(serials)});
    settle();
  }

  void drain(milliseconds grace) {
    begin_drain(pool, grace);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(processor_pool_outcome_tests, fixture)

CAF_TEST(outcomes are counted from one) {
  start();
  send({a_job("1"), a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[0].serial, 1u);
  CAF_CHECK_EQUAL(outcomes[1].serial, 2u);
}

CAF_TEST(an outcome that was not settled is sent to the next dispatcher) {
  start();
  send({a_job("1"), a_job("2"), a_job("3")});
  tell_settled({2});
  lose_dispatcher();
  outcomes.clear();
  start_dispatcher();
  pass(50ms);
  CAF_REQUIRE_EQUAL(hellos.size(), 2u);
  CAF_REQUIRE_EQUAL(hellos[1].running.size(),
                    2u); // it has to know their leases
  CAF_CHECK_EQUAL(hellos[1].running[0].id, "1");
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[0].job_id, "1");
  CAF_CHECK_EQUAL(outcomes[1].job_id, "3");
  CAF_CHECK_EQUAL(outcomes[1].serial, 3u);
}

CAF_TEST(an outcome is sent again over a new link to the same dispatcher) {
  start();
  send({a_job("1")});
  self->send(pool, poll_v);
  settle();
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[1].serial, outcomes[0].serial);
}

CAF_TEST(what an old dispatcher says of outcomes is not heard) {
  start();
  send({a_job("1")});
  auto old = dispatcher_;
  dispatcher_ = nullptr;
  start_dispatcher();
  self->send(pool, poll_v);
  settle();
  std::swap(dispatcher_, old);
  tell_settled({1});
  std::swap(dispatcher_, old);
  self->send(pool, poll_v);
  settle();
  CAF_CHECK_EQUAL(outcomes.size(), 3u);
}

CAF_TEST(a drain without a dispatcher waits for outcomes to be taken) {
  start();
  send({a_job("1")});
  lose_dispatcher();
  drain(25s);
  CAF_CHECK(!is_drained);
  start_dispatcher();
  pass(50ms);
  CAF_CHECK_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 0u);
}

CAF_TEST(outcomes that no dispatcher took are stranded) {
  start();
  send({a_job("1"), a_job("2")});
  tell_settled({1});
  lose_dispatcher();
  drain(1s);
  pass(999ms);
  CAF_CHECK(!is_drained);
  pass(1ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 1u);
  CAF_CHECK_EQUAL(drained.handed_back, 1u);
}

CAF_TEST(whoever hears of jobs that have ended gets their outcomes) {
  start();
  send({a_job("1")});
  self->send(pool, node_order{"node-1", true, {}});
  settle();
  CAF_REQUIRE_EQUAL(hellos.back().running.size(), 1u);
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[1].serial, 1u);
}

CAF_TEST(a drain of an idle pool ends once the dispatcher knows) {
  start();
  drain(25s);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 0u);
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
}

CAF_TEST(a drain of an idle pool without a dispatcher ends at once) {
  start_pool();
  drain(25s);
  CAF_CHECK(is_drained);
}

CAF_TEST(a draining pool offers no slots to a new dispatcher) {
  start();
  drain(25s);
  lose_dispatcher();
  start_dispatcher();
  pass(50ms);
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
}

CAF_TEST(jobs that cross a drain are not run) {
  // The dispatcher gives them back: the hello does not name them.
  start();
  drain(25s);
  send({a_job("1")});
  CAF_CHECK(outcomes.empty());
}

CAF_TEST(a result that was not asked for is ignored) {
  start();
  outcome x;
  x.job_id = "1";
  x.token = "t";
  self->send(pool, x);
  settle();
  CAF_CHECK(outcomes.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
