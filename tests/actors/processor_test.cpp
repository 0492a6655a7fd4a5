/// Processors run blocking jobs. How they and their pool end is in
/// processor_drain_test.cpp.
#define CAF_SUITE processor

#include "actors/processor.hpp"
#include "actors/processor_pool.hpp"
#include "services/embedding/ngram_embedder.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/pool_live_fixture.hpp"

#include <atomic>
#include <stdexcept>

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(processor_tests, pool_live_fixture)

CAF_TEST(a blocking job runs and its updates come before its outcome) {
  start();
  run({sleeping("1", 0)});
  auto ended = outcomes.wait_for(1);
  CAF_CHECK(ended[0].kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(ended[0].value, R"({"slept":0})");
  auto told = updates.all();
  CAF_REQUIRE_EQUAL(told.size(), 4u);
  CAF_CHECK_EQUAL(told[3].value, "100");
}

CAF_TEST(a processor makes its tools once) {
  options.slots = 1;
  start();
  for (size_t i = 1; i <= 3; ++i) {
    run({sleeping(std::to_string(i), 0)});
    outcomes.wait_for(i);
  }
  CAF_CHECK_EQUAL(tools_made.load(), 1);
}

CAF_TEST(tools that cannot be made fail the job and are tried again) {
  std::atomic<int> tries = 0;
  options.make_tools = [&]() -> result<std::unique_ptr<job_tools>> {
    if (++tries == 1)
      return fail(ec::storage_failed, "no uploads folder");
    return job_tools::make(config, nullptr);
  };
  start();
  run({sleeping("1", 0)});
  auto first = outcomes.at(0);
  CAF_CHECK(first.kind == outcome_kind::failed);
  CAF_CHECK_EQUAL(first.reason, "no uploads folder");
  run({sleeping("2", 0)});
  CAF_CHECK(outcomes.at(1).kind == outcome_kind::completed);
  live.end_all(); // before `tries` goes
}

CAF_TEST(tools that are outdated are made anew for the next job) {
  std::atomic<int> made = 0;
  std::atomic<bool> changed = false;
  options.slots = 1;
  options.make_tools = [&] {
    auto out = job_tools::make(config, nullptr);
    if (out)
      (*out)->are_outdated = [&, is_first = ++made == 1] {
        return is_first && changed;
      };
    return out;
  };
  start();
  for (size_t i = 1; i <= 4; ++i) {
    changed = i > 2;
    run({sleeping(std::to_string(i), 0)});
    outcomes.wait_for(i);
    CAF_CHECK_EQUAL(made.load(), i > 2 ? 2 : 1);
  }
  live.end_all(); // before what they refer to goes
}

CAF_TEST(a job that needs no embedder does not wait for one) {
  std::atomic<int> tries = 0;
  options.slots = 1;
  options.make_tools = [&] {
    return job_tools::make(
      config,
      std::make_shared<shared_embedder>(
        [&](const std::string&) -> result<std::unique_ptr<text_embedder>> {
          ++tries;
          return fail(ec::bad_config, "the weights cannot be read");
        }));
  };
  start();
  run({sleeping("1", 0)});
  CAF_CHECK(outcomes.at(0).kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(tries.load(), 0);
  job work;
  work.id = "2";
  work.token = "t";
  work.name = "generate-embeddings";
  work.data = R"({"imageId":"i","filePath":"a.jpg",)"
              R"("metadata":{"searchableText":"a red bicycle"}})";
  run({work});
  CAF_CHECK_EQUAL(outcomes.at(1).reason, "the weights cannot be read");
  CAF_CHECK_EQUAL(tries.load(), 1);
  live.end_all(); // before `tries` goes
}

CAF_TEST(jobs run side by side and each processor tells which) {
  start();
  run({sleeping("1", an_hour), sleeping("2", 0)});
  CAF_CHECK_EQUAL(outcomes.at(0).job_id, "2");
  auto told = live.ask<pool_status>(pool, look_pool_v).processors;
  CAF_REQUIRE_EQUAL(told.size(), 2u);
  CAF_CHECK_EQUAL(told[0].job_id, "1");
  CAF_CHECK_EQUAL(told[1].job_id, "");
  CAF_CHECK_EQUAL(told[1].busy_ms, 0);
}

CAF_TEST(a cancelled job is returned and others run on) {
  start();
  run({sleeping("1", an_hour), sleeping("2", an_hour)});
  send(cancel_runs{{{"1", "t"}, {"unknown", "t"}}});
  auto ended = outcomes.wait_for(1);
  CAF_CHECK_EQUAL(ended[0].job_id, "1");
  CAF_CHECK(ended[0].kind == outcome_kind::returned);
  CAF_CHECK(!ended[0].runner_died);
  send(cancel_runs{{{"2", "t"}}});
  CAF_CHECK_EQUAL(outcomes.at(1).job_id, "2");
}

CAF_TEST(a job that is asked to stop stops before its grace time is up) {
  start();
  run({sleeping("1", an_hour)});
  send(cancel_runs{{{"1", "t"}}, an_hour});
  CAF_CHECK(outcomes.at(0).kind == outcome_kind::returned);
}

CAF_TEST(a processor that was cancelled runs its next job) {
  options.slots = 1;
  start();
  run({sleeping("1", an_hour)});
  send(cancel_runs{{{"1", "t"}}});
  outcomes.wait_for(1);
  run({sleeping("2", 0)});
  CAF_CHECK(outcomes.at(1).kind == outcome_kind::completed);
}

CAF_TEST(a job under which its processor dies is returned and counted) {
  std::atomic<int> tries = 0;
  options.make_tools = [&]() -> result<std::unique_ptr<job_tools>> {
    if (++tries == 1)
      throw std::runtime_error{"this processor dies"};
    return job_tools::make(config, nullptr);
  };
  start();
  run({sleeping("1", 0)});
  auto lost = outcomes.at(0);
  CAF_CHECK(lost.kind == outcome_kind::returned);
  CAF_CHECK(lost.runner_died);
  run({sleeping("2", 0)});
  CAF_CHECK(outcomes.at(1).kind == outcome_kind::completed);
  live.end_all();
}

CAF_TEST(a processor is not lost where chaos is not allowed) {
  start();
  run({sleeping("1", an_hour)});
  caf::anon_send(pool,
                 chaos_order{"n", chaos_action::kill_actor, "processor", 0});
  CAF_CHECK_EQUAL(live.ask<pool_status>(pool, look_pool_v).running, 1u);
}

CAF_TEST(a processor that is lost returns its job and others run on) {
  options.allows_chaos = true;
  start();
  run({sleeping("1", an_hour), sleeping("2", an_hour)});
  caf::anon_send(pool,
                 chaos_order{"n", chaos_action::kill_actor, "processor", 0});
  auto lost = outcomes.at(0);
  CAF_CHECK(lost.kind == outcome_kind::returned);
  CAF_CHECK(lost.runner_died);
  run({sleeping("3", 0)});
  auto next = outcomes.at(1);
  CAF_CHECK_EQUAL(next.job_id, "3");
  CAF_CHECK(next.kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(live.ask<pool_status>(pool, look_pool_v).running, 1u);
}

CAF_TEST(a pool that ends cuts its jobs short) {
  start();
  run({sleeping("1", an_hour)});
  send(cancel_runs{{{"unknown", "t"}}});
  live.end_all(); // hangs if the processor sleeps on
  CAF_CHECK(outcomes.all().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
