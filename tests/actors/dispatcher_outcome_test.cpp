/// The DISPATCHER settles outcomes. What is stored before is in
/// dispatcher_store_test.cpp, lost answers are in dispatcher_resend_test.cpp.
#define CAF_SUITE dispatcher_outcome

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : running_fixture {
  outcome with_serial(const std::string& id, uint64_t serial) {
    auto x = ended(pool.find(id));
    x.serial = serial;
    return x;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_outcome_tests, fixture)

CAF_TEST(an outcome is settled and the next job claimed in one step) {
  run(2, 1);
  end(pool, "1");
  auto& step = queue->steps.back();
  CAF_REQUIRE_EQUAL(step.settle.size(), 1u);
  CAF_CHECK_EQUAL(step.settle[0].job_id, "1");
  CAF_CHECK(step.settle[0].kind == settle_kind::complete);
  CAF_CHECK_EQUAL(step.settle[0].value, "\"done\"");
  CAF_CHECK_EQUAL(step.claim, 1u);
  CAF_CHECK(pool.has("2"));
}

CAF_TEST(outcomes that come together are settled together) {
  run(3, 3);
  auto steps = queue->steps.size();
  end(pool, {ended(pool.find("1")), ended(pool.find("2"), outcome_kind::failed),
             ended(pool.find("3"), outcome_kind::returned)});
  auto& step = queue->steps[steps];
  CAF_REQUIRE_EQUAL(step.settle.size(), 3u);
  CAF_CHECK(step.settle[0].kind == settle_kind::complete);
  CAF_CHECK(step.settle[1].kind == settle_kind::fail);
  CAF_CHECK(step.settle[2].kind == settle_kind::give_back);
}

CAF_TEST(a batch holds a hundred settlements) {
  run(101, 101);
  queue->interrupt();
  settle();
  std::vector<outcome> all;
  for (const auto& x : pool.log->jobs)
    all.push_back(ended(x));
  auto steps = queue->steps.size();
  end(pool, all);
  CAF_CHECK_EQUAL(queue->steps[steps].settle.size(), 100u);
  CAF_CHECK_EQUAL(queue->steps[steps + 1].settle.size(), 1u);
}

CAF_TEST(a job is settled once) {
  run(1, 1);
  auto x = ended(pool.find("1"));
  end(pool, {x, x});
  end(pool, {x});
  CAF_CHECK_EQUAL(settled("1").size(), 1u);
}

CAF_TEST(a pool is told which outcomes are settled) {
  run(2, 2);
  queue->is_silent = true;
  end(pool, {with_serial("1", 7)});
  CAF_CHECK(pool.log->settled.empty());
  queue->answer_all();
  settle();
  CAF_REQUIRE_EQUAL(pool.log->settled.size(), 1u);
  CAF_CHECK_EQUAL(pool.log->settled[0], 7u);
}

CAF_TEST(settled outcomes are told together with the next jobs) {
  run(2, 1);
  auto batches = pool.log->batches.size();
  end(pool, {with_serial("1", 7)});
  CAF_REQUIRE_EQUAL(pool.log->settled.size(), 1u);
  CAF_CHECK_EQUAL(pool.log->batches.size(), batches + 1);
}

CAF_TEST(an outcome that comes again while it is being settled is one) {
  run(1, 1);
  queue->is_silent = true;
  auto rows = with_commit("1");
  rows.serial = 1;
  end(pool, {rows});
  end(pool, {rows});
  CAF_CHECK(peers->void_files.empty());
  queue->answer_all();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK_EQUAL(pool.log->settled.size(), 1u);
}

CAF_TEST(a pool need not keep a result that is void) {
  run(1, 1);
  auto other = with_serial("1", 3);
  other.token = "another";
  end(pool, {other});
  CAF_REQUIRE_EQUAL(pool.log->settled.size(), 1u);
  CAF_CHECK_EQUAL(pool.log->settled[0], 3u);
  CAF_CHECK(settled("1").empty());
}

CAF_TEST(a result that a dead dispatcher got is settled by the next one) {
  run(1, 1);
  queue->is_silent = true;
  auto work = pool.find("1");
  end(pool, {with_serial("1", 1)}); // dies before Redis hears of it
  queue->held.clear();
  queue->is_silent = false;
  kill(dispatcher_);
  options.is_restart = true;
  start();
  pool.hello(dispatcher_, "node-1", 1, {work});
  settle();
  end(pool, {with_serial("1", 1)});
  CAF_CHECK(settled_at("1", 1).kind == settle_kind::complete);
  CAF_CHECK_EQUAL(pool.log->settled.size(), 1u);
}

CAF_TEST(a result with another token is void) {
  run(1, 1);
  auto x = ended(pool.find("1"));
  x.token += "0";
  end(pool, {x});
  CAF_CHECK(settled("1").empty());
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(a result of another pool is void) {
  run(1, 1);
  auto other = join(1, "node-2");
  end(other, {ended(pool.find("1"))});
  CAF_CHECK(settled("1").empty());
}

CAF_TEST(a completed job is told with its duration) {
  run(1, 1);
  pass(1234ms);
  end(pool, "1");
  CAF_REQUIRE_EQUAL(peers->count(event_kind::completed), 1u);
  CAF_CHECK_EQUAL(peers->events.back().duration_ms, 1234);
}

CAF_TEST(a retry is told and nobody is alarmed) {
  queue->add(1, "generate-variants");
  queue->waiting[0].options.attempts = 2;
  queue->waiting[0].options.backoff = backoff_kind::fixed;
  queue->waiting[0].options.backoff_ms = 3000;
  start();
  pool = join(1);
  end(pool, "1", outcome_kind::failed);
  CAF_CHECK(is_settled("1", settle_kind::retry_later));
  CAF_CHECK_EQUAL(settled_at("1", 0).delay_ms, 3000);
  CAF_REQUIRE_EQUAL(peers->count(event_kind::failed), 1u);
  CAF_CHECK(!peers->events.back().is_final);
  CAF_CHECK(peers->failures.empty());
}

CAF_TEST(a failure for good is told to catalog and notifier) {
  run(1, 1, "generate-variants");
  end(pool, "1", outcome_kind::refused);
  CAF_CHECK(is_settled("1", settle_kind::fail));
  CAF_REQUIRE_EQUAL(peers->failures.size(), 1u);
  CAF_CHECK_EQUAL(peers->failures[0].job_id, "1");
  CAF_CHECK_EQUAL(peers->failures[0].job_name, "generate-variants");
  CAF_CHECK_EQUAL(peers->failures[0].image_id, "cat");
  CAF_CHECK_EQUAL(peers->failures[0].error, "went wrong");
  CAF_CHECK_EQUAL(peers->failures[0].attempts, 1u);
  CAF_REQUIRE_EQUAL(peers->notes.size(), 2u);
  CAF_CHECK(peers->notes[1].part == image_part::variants);
  CAF_CHECK_EQUAL(peers->notes[1].error, "went wrong");
  CAF_CHECK(peers->events.back().is_final);
}

CAF_TEST(a failure of a job without a picture is not told to the catalog) {
  run(1, 1, "echo");
  end(pool, "1", outcome_kind::refused);
  CAF_CHECK_EQUAL(peers->failures.size(), 1u);
  CAF_CHECK(peers->notes.empty());
}

CAF_TEST(a failure is told only once it is settled) {
  run(1, 1);
  queue->is_silent = true;
  end(pool, "1", outcome_kind::refused);
  CAF_CHECK(peers->failures.empty());
  queue->answer_all();
  settle();
  CAF_CHECK_EQUAL(peers->failures.size(), 1u);
}

CAF_TEST(a settlement that Redis refuses tells nobody) {
  queue->statuses = {{"1", settle_status::gone},
                     {"2", settle_status::fenced},
                     {"3", settle_status::not_active},
                     {"4", settle_status::has_children}};
  run(4, 4);
  for (const char* id : {"1", "2", "3", "4"}) {
    end(pool, id, outcome_kind::refused);
    CAF_CHECK_EQUAL(settled(id).size(), 1u);
  }
  pass(1s);
  CAF_CHECK_EQUAL(queue->settled().size(), 4u);
  CAF_CHECK(peers->failures.empty());
  CAF_CHECK_EQUAL(peers->count(event_kind::failed), 0u);
}

CAF_TEST(a job that Redis cannot end has failed for everybody) {
  queue->statuses = {{"1", settle_status::broken}};
  queue->add(1, "generate-variants");
  start();
  pool = join(1);
  end(pool, "1");
  CAF_CHECK_EQUAL(peers->failures.size(), 1u);
  CAF_CHECK_EQUAL(peers->count(event_kind::failed), 1u);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 0u);
}

CAF_TEST(a completion that children hold back is a failure) {
  queue->statuses = {{"1", settle_status::has_children},
                     {"2", settle_status::children_failed}};
  queue->add(2);
  for (auto& x : queue->waiting)
    x.options.attempts = 3;
  start();
  pool = join(2);
  for (const char* id : {"1", "2"}) {
    end(pool, id);
    CAF_REQUIRE_EQUAL(settled(id).size(), 2u);
  }
  CAF_CHECK(settled("1")[1].kind == settle_kind::retry_now);
  CAF_CHECK(settled("2")[1].kind == settle_kind::fail);
}

CAF_TEST(an outcome that is not valid fails its job for good) {
  run(2, 2);
  auto bad = ended(pool.find("1"));
  bad.kind = static_cast<outcome_kind>(77);
  end(pool, {bad, ended(pool.find("2"))});
  CAF_CHECK(is_settled("1", settle_kind::fail));
  CAF_CHECK(is_settled("2", settle_kind::complete));
}

CAF_TEST(a pool need not keep an outcome that was not valid) {
  run(1, 1);
  auto bad = with_serial("1", 5);
  bad.retry_after_ms = -1;
  end(pool, {bad});
  CAF_CHECK(is_settled("1", settle_kind::fail));
  CAF_REQUIRE_EQUAL(pool.log->settled.size(), 1u);
  CAF_CHECK_EQUAL(pool.log->settled[0], 5u);
}

CAF_TEST(messages that nobody seems to have sent do no harm) {
  run(1, 1);
  auto bad = ended(pool.find("1"));
  caf::anon_send(dispatcher_, outcome_batch{{bad}});
  pool_hello hello{"evil\nnode", 4000000000, {}};
  caf::anon_send(dispatcher_, hello);
  settle();
  CAF_CHECK(settled("1").empty());
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST_FIXTURE_SCOPE_END()
