/// The DISPATCHER has updates and rows stored before it settles.
#define CAF_SUITE dispatcher_store

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_store_tests, running_fixture)

CAF_TEST(updates are stored before the job is settled) {
  run(1, 1);
  queue->is_silent = true;
  report(pool, "1", "50");
  auto& step = queue->steps.back();
  CAF_REQUIRE_EQUAL(step.updates.size(), 1u);
  CAF_CHECK_EQUAL(step.updates[0].value, "50");
  end(pool, "1");
  CAF_CHECK(settled("1").empty());
  queue->answer_all();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(several updates in a batch all come before the settlement) {
  run(1, 1);
  auto x = pool.find("1");
  queue->is_silent = true;
  pool.send(dispatcher_, update_batch{{{"1", x.token, false, "10", 0},
                                       {"1", x.token, true, "line", 0},
                                       {"1", x.token, false, "20", 0}}});
  settle();
  report(pool, "1", "30");
  end(pool, "1");
  CAF_CHECK(settled("1").empty());
  queue->answer_all();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK_EQUAL(peers->count(event_kind::progress), 3u);
}

CAF_TEST(updates that cannot be stored do not hold up the settlement) {
  run(1, 1);
  queue->is_silent = true;
  report(pool, "1", "50");
  end(pool, "1");
  queue->is_silent = false; // the first answer never comes
  pass(15s, 100ms);
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(updates of cheap jobs travel with their settlement) {
  run(1, 1);
  auto x = ended(pool.find("1"));
  x.updates.push_back({"1", x.token, true, "a line", 5});
  end(pool, {x});
  auto& step = queue->steps.back();
  CAF_REQUIRE_EQUAL(step.updates.size(), 1u);
  CAF_CHECK_EQUAL(step.updates[0].value, "a line");
  CAF_CHECK_EQUAL(step.settle.size(), 1u);
}

CAF_TEST(updates of a job that does not run here are ignored) {
  run(1, 1);
  auto steps = queue->steps.size();
  pool.send(dispatcher_, update_batch{{{"1", "other", false, "50", 0},
                                       {"9", "t", false, "50", 0}}});
  settle();
  CAF_CHECK_EQUAL(queue->steps.size(), steps);
  CAF_CHECK_EQUAL(peers->count(event_kind::progress), 0u);
}

CAF_TEST(an update that is not valid is dropped) {
  run(1, 1);
  auto steps = queue->steps.size();
  auto x = pool.find("1");
  pool.send(dispatcher_, update_batch{{{x.id, "", false, "50", 0}}});
  settle();
  CAF_CHECK_EQUAL(queue->steps.size(), steps);
}

CAF_TEST(rows are committed with their stamp before the job is settled) {
  run(1, 1, "generate-variants");
  peers->is_catalog_silent = true;
  end(pool, {with_commit("1")});
  CAF_REQUIRE_EQUAL(peers->commits.size(), 1u);
  CAF_CHECK_EQUAL(peers->commits[0].stamp.job_id, "1");
  CAF_CHECK_EQUAL(peers->commits[0].stamp.job_timestamp, 77);
  CAF_CHECK_EQUAL(peers->commits[0].stamp.attempt, 1u);
  CAF_CHECK(settled("1").empty());
  peers->answer_commits();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(a fenced commit ends nothing that another run has) {
  queue->statuses["1"] = settle_status::fenced;
  run(2, 1, "generate-variants");
  peers->commit_answer = {commit_status::fenced, "attempt 2 is newer"};
  end(pool, {with_commit("1")});
  CAF_CHECK(is_settled("1", settle_kind::give_back));
  CAF_CHECK(pool.has("2")); // its slot is free
  pass(1s);
  CAF_CHECK_EQUAL(settled("1").size(), 1u);
}

CAF_TEST(a job that Redis says is ours runs again after a fenced commit) {
  run(1, 1, "generate-variants");
  peers->commit_answer = {commit_status::fenced, "attempt 4 is newer"};
  end(pool, {with_commit("1")});
  CAF_CHECK(is_settled("1", settle_kind::give_back));
  CAF_CHECK(peers->failures.empty());
}

CAF_TEST(a job whose image belongs to a newer one completes without effect) {
  run(2, 1, "generate-metadata");
  peers->commit_answer = {commit_status::superseded, "job 9 is newer"};
  auto ended = with_commit("1");
  ended.value = R"({"imageId":"i","success":true})";
  new_job next;
  next.name = "generate-embeddings";
  next.data = next.options = "{}";
  ended.chained.push_back(next);
  end(pool, {ended});
  CAF_REQUIRE(is_settled("1", settle_kind::complete));
  auto how = settled_at("1", 0);
  CAF_CHECK_EQUAL(how.value,
                  R"({"imageId":"i","success":true,"superseded":true})");
  CAF_CHECK(how.chained.empty());
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 1u);
  CAF_CHECK(pool.has("2")); // its slot is free
}

CAF_TEST(a failed commit is a failed attempt) {
  queue->add(1, "generate-variants");
  queue->waiting[0].options.attempts = 2;
  start();
  pool = join(1);
  peers->commit_answer = {commit_status::failed, "disk full"};
  end(pool, {with_commit("1")});
  CAF_CHECK(is_settled("1", settle_kind::retry_now));
  CAF_CHECK_EQUAL(settled_at("1", 0).value, "disk full");
}

CAF_TEST(a catalog that is away is asked again and burns no attempt) {
  queue->add(1, "generate-variants");
  start();
  pool = join(1);
  auto catalog = roles->find_any(role::catalog);
  roles->set(role::catalog, nullptr);
  end(pool, {with_commit("1")});
  pass(1000ms, 100ms);
  CAF_CHECK(settled("1").empty());
  roles->set(role::catalog, catalog);
  pass(200ms, 100ms);
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(no job is claimed while results wait for the catalog) {
  run(4, 3, "generate-variants");
  peers->is_catalog_away = true;
  end(pool, {with_commit("1")});
  pass(1000ms, 100ms);
  CAF_CHECK(peers->commits.size() > 5);
  end(pool, {with_commit("3")});
  end(pool, "2"); // a result without rows is settled all the same
  CAF_CHECK(is_settled("2", settle_kind::complete));
  pass(1000ms, 100ms);
  CAF_CHECK(settled("1").empty());
  CAF_CHECK(!pool.has("4"));
  peers->is_catalog_away = false;
  pass(200ms, 100ms);
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK(is_settled("3", settle_kind::complete));
  CAF_CHECK(pool.has("4"));
}

CAF_TEST(no more than one result a slot waits for Redis) {
  run(5, 8);
  queue->is_silent = true; // the watcher's connection still works
  size_t ended_jobs = 0;
  for (int round = 0; round < 20; ++round) {
    while (ended_jobs < pool.log->jobs.size())
      end(pool, pool.log->jobs[ended_jobs++].id);
    queue->add(8);
    queue->wake();
    settle();
  }
  CAF_CHECK_GREATER(ended_jobs, 5u);
  CAF_CHECK_LESS_OR_EQUAL(ended_jobs, 8u);
  queue->is_silent = false;
  queue->answer_all();
  pass(1s, 10ms);
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(results that wait for their updates are about to wait for the catalog) {
  run(20, 4, "generate-variants");
  peers->is_catalog_away = true;
  queue->is_silent = true;
  std::vector<outcome> results;
  for (const auto* id : {"1", "2", "3", "4"}) {
    report(pool, id, "90");
    results.push_back(with_commit(id));
  }
  auto before = queue->steps.size();
  end(pool, results);
  CAF_CHECK_EQUAL(queue->steps.size(), before); // a claim would be one
  queue->is_silent = false;
  queue->answer_all();
  pass(1000ms, 100ms);
  CAF_CHECK(!pool.has("5"));
  peers->is_catalog_away = false;
  pass(200ms, 100ms);
  CAF_CHECK(is_settled("4", settle_kind::complete));
  CAF_CHECK(pool.has("5"));
}

CAF_TEST(rows of a job that failed are not committed) {
  run(1, 1, "generate-variants");
  auto x = with_commit("1");
  x.kind = outcome_kind::failed;
  end(pool, {x});
  CAF_CHECK(peers->commits.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
