/// The DISPATCHER and its pools: they leave, are cut off, come back, and are
/// adopted with what they run.
#define CAF_SUITE dispatcher_pool

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_pool_tests, running_fixture)

CAF_TEST(jobs of a pool that died go back and count the death) {
  run(2, 2);
  kill(pool.handle);
  for (const char* id : {"1", "2"}) {
    CAF_CHECK(is_settled(id, settle_kind::give_back));
    CAF_CHECK(settled_at(id, 0).runner_died);
  }
}

CAF_TEST(jobs of a node that is cut off go back) {
  run(1, 1);
  self->send(dispatcher_, node_lost{"another"});
  settle();
  CAF_CHECK(settled("1").empty());
  self->send(dispatcher_, node_lost{"node-1"});
  settle();
  CAF_CHECK(is_settled("1", settle_kind::give_back));
  CAF_CHECK(settled_at("1", 0).runner_died);
}

CAF_TEST(the result of a job that moved is void) {
  run(1, 1);
  self->send(dispatcher_, node_lost{"node-1"});
  settle();
  end(pool, "1");
  CAF_CHECK_EQUAL(settled("1").size(), 1u);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 0u);
}

CAF_TEST(a job whose result came before its pool died is complete) {
  run(1, 1);
  queue->is_silent = true;
  end(pool, "1");
  kill(pool.handle);
  queue->answer_all();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(a pool that died gets no more jobs) {
  run(1, 2);
  auto other = join(1, "node-2");
  kill(pool.handle);
  queue->add(3);
  queue->interrupt();
  settle();
  queue->wake();
  settle();
  CAF_CHECK_EQUAL(other.log->jobs.size(), 1u);
}

CAF_TEST(a job that goes back keeps its slot where it still runs) {
  run(1, 1);
  queue->add(1);
  queue->is_silent = true;
  lose_connection(); // and it is back before Redis has answered
  CAF_CHECK_EQUAL(pool.log->cancelled, std::vector<std::string>{"1"});
  queue->answer_all();
  settle();
  CAF_CHECK(!pool.has("2"));
  end(pool, "1");
  CAF_CHECK(pool.has("2"));
  CAF_CHECK(is_settled("1", settle_kind::give_back));
}

CAF_TEST(a running job is adopted by a restarted dispatcher) {
  run(1, 2);
  auto x = pool.find("1");
  kill(dispatcher_);
  start();
  pool.hello(dispatcher_, "node-1", 2, {x});
  settle();
  CAF_REQUIRE_EQUAL(queue->watches.back().slots, 1u);
  pass(600ms);
  CAF_REQUIRE(!queue->reaps.empty());
  CAF_REQUIRE_EQUAL(queue->reaps.back().running.size(), 1u);
  CAF_CHECK_EQUAL(queue->reaps.back().running[0], "1");
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK_EQUAL(settled_at("1", 0).attempt, 1u);
}

CAF_TEST(an adopted job still names its picture) {
  run(1, 1);
  auto x = pool.find("1");
  x.name = "generate-variants";
  x.data = R"({"imageId":"cat","filePath":"cat.jpg"})";
  kill(dispatcher_);
  start();
  pool.hello(dispatcher_, "node-1", 1, {x});
  settle();
  end(pool, "1", outcome_kind::refused);
  CAF_REQUIRE_EQUAL(peers->failures.size(), 1u);
  CAF_CHECK_EQUAL(peers->failures[0].image_id, "cat");
}

CAF_TEST(a second hello changes nothing that runs) {
  run(2, 2);
  pool.hello(dispatcher_, "node-1", 3, {pool.find("1"), pool.find("2")});
  settle();
  CAF_CHECK(queue->settled().empty());
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(a job that a pool does not know goes back unharmed) {
  run(2, 2);
  pool.hello(dispatcher_, "node-1", 2, {pool.find("1")});
  settle();
  CAF_CHECK(settled("1").empty());
  CAF_CHECK(is_settled("2", settle_kind::give_back));
  CAF_CHECK(!settled_at("2", 0).runner_died);
}

CAF_TEST_FIXTURE_SCOPE_END()
