/// The DISPATCHER drains: what runs ends, is handed back, or is stranded.
#define CAF_SUITE dispatcher_drain

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : running_fixture {
  void drain(milliseconds grace) {
    begin_drain(dispatcher_, grace);
  }

  /// A claim of two jobs gets no answer, and nobody can look for them.
  void lose_claim() {
    queue->add(2);
    queue->failure = "connection lost";
    queue->is_lossy = true;
    queue->reap_failure = "still away";
    start();
    pool = join(2);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_drain_tests, fixture)

CAF_TEST(a drain with nothing to do ends at once) {
  run(0, 3);
  drain(25s);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 0u);
  CAF_CHECK_EQUAL(drained.stranded, 0u);
}

CAF_TEST(a drain with nothing to do ends at once though Redis is away) {
  run(0, 3);
  queue->failure = "Redis is away";
  queue->is_unreachable = true;
  queue->fail_watches();
  pass(1s, 10ms);
  CAF_CHECK(!queue->steps.empty()); // it has tried
  drain(25s);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 0u);
}

CAF_TEST(a drain waits for what runs and takes nothing new) {
  run(2, 2);
  queue->add(3);
  drain(25s);
  end(pool, "1");
  CAF_CHECK(!is_drained);
  end(pool, "2", outcome_kind::failed);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 0u);
  CAF_CHECK_EQUAL(queue->waiting.size(), 3u);
}

CAF_TEST(a drain waits for settlements that Redis did not take yet) {
  run(1, 1);
  queue->failure = "Redis is away";
  end(pool, "1");
  drain(25s);
  pass(1s);
  CAF_CHECK(!is_drained);
  queue->failure.clear();
  pass(200ms);
  CAF_CHECK(is_drained);
}

CAF_TEST(a drain waits until a job whose late run has ended is given back) {
  run(1, 1);
  queue->is_silent = true;
  lose_connection();
  end(pool, "1");
  drain(25s);
  CAF_CHECK(!is_drained);
  queue->answer_all();
  settle();
  CAF_CHECK(is_drained);
  CAF_CHECK(is_settled("1", settle_kind::give_back));
  CAF_CHECK_EQUAL(drained.stranded, 0u);
}

CAF_TEST(a job that Redis does not take back is stranded) {
  run(1, 1);
  drain(1000ms);
  queue->failure = "Redis is away";
  lose_connection();
  end(pool, "1");
  pass(1000ms);
  pass(3000ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 1u);
}

CAF_TEST(a drain hands back results that the catalog does not take) {
  run(2, 2);
  peers->is_catalog_away = true;
  end(pool, {with_commit("1"), with_commit("2")});
  drain(1000ms);
  pass(900ms, 100ms);
  CAF_CHECK(!is_drained);
  pass(200ms, 100ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 2u);
  CAF_CHECK_EQUAL(drained.stranded, 0u);
  for (const char* id : {"1", "2"})
    CAF_CHECK(is_settled(id, settle_kind::give_back));
}

CAF_TEST(a drain gives back what a claim on its way brings) {
  queue->add(1);
  queue->is_silent = true;
  start();
  pool = join(1);
  drain(25s);
  CAF_CHECK(!is_drained);
  queue->answer_all();
  settle();
  CAF_CHECK(is_drained);
  CAF_CHECK(!pool.has("1"));
  CAF_CHECK(is_settled("1", settle_kind::give_back));
}

CAF_TEST(what does not finish within the grace time is handed back) {
  run(3, 3);
  drain(1000ms);
  pass(999ms, 1ms);
  CAF_CHECK(queue->settled().empty());
  end(pool, "1");
  pass(1ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 2u);
  CAF_CHECK_EQUAL(drained.stranded, 0u);
  CAF_CHECK_EQUAL(pool.log->cancelled.size(), 2u);
  CAF_CHECK(is_settled("2", settle_kind::give_back));
  CAF_CHECK(!settled_at("2", 0).runner_died);
}

CAF_TEST(what cannot be handed back is stranded) {
  run(2, 2);
  queue->failure = "Redis is away";
  drain(1000ms);
  pass(1000ms);
  pass(2999ms, 1ms);
  CAF_CHECK(!is_drained);
  pass(1ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 2u);
  CAF_CHECK_EQUAL(drained.stranded, 2u);
}

CAF_TEST(what a claim without an answer may have taken is stranded) {
  queue->add(2);
  queue->is_silent = true;
  start();
  pool = join(2);
  drain(1000ms);
  pass(3999ms);
  CAF_CHECK(!is_drained);
  pass(1ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 2u);
}

CAF_TEST(a drain looks for what a lost claim took before it ends) {
  lose_claim();
  drain(25s);
  pass(1s);
  CAF_CHECK(!is_drained);
  queue->failure.clear();
  queue->reap_failure.clear();
  pass(200ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 0u);
}

CAF_TEST(a drain looks at once for what a lost claim takes late) {
  claim_without_answer();
  auto looked = queue->reaps.size();
  drain(25s);
  CAF_CHECK(!is_drained);
  pass(10ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(queue->reaps.size(), looked + 1);
}

CAF_TEST(a lost claim that is not found in time is stranded) {
  lose_claim();
  drain(1000ms);
  pass(4s);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.stranded, 2u);
}

CAF_TEST(a restarted dispatcher drains once it knows what runs) {
  options.is_restart = true;
  start();
  drain(25s);
  pass(adoption_time - 1ms, 1ms);
  CAF_CHECK(!is_drained);
  pool = make_pool();
  job x;
  x.id = "7";
  x.token = "boot:old:1";
  pool.hello(dispatcher_, "node-1", 1, {x});
  pass(200ms);
  CAF_CHECK(!is_drained);
  outcome done;
  done.job_id = x.id;
  done.token = x.token;
  end(pool, {done});
  pass(10ms); // it looks once more for what the dead one claimed
  CAF_CHECK(is_drained);
  CAF_CHECK(is_settled("7", settle_kind::complete));
}

CAF_TEST(a drain waits until the catalog knows of a failure) {
  queue->add(1);
  queue->waiting[0].name = "generate-metadata";
  queue->waiting[0].data = R"({"imageId":"i","filePath":"a.jpg"})";
  start();
  pool = join(1);
  roles->set(role::catalog, nullptr); // it restarts
  drain(25s);
  end(pool, "1", outcome_kind::refused);
  CAF_CHECK(!is_drained);
  play(role::catalog, sys.spawn(fake_catalog, peers));
  pass(200ms);
  CAF_CHECK(is_drained);
  CAF_REQUIRE(!peers->notes.empty());
  CAF_CHECK_EQUAL(peers->notes.back().error, "went wrong");
}

CAF_TEST(a drain without a grace time hands back at once) {
  run(1, 1);
  drain(0s);
  pass(1ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(drained.handed_back, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
