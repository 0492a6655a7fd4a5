/// Processors and their pool with real threads: jobs that block. What waits,
/// waits for a message; nothing here depends on how long something takes. Long,
/// for a third of it is the fixture, which all cases use.
#define CAF_SUITE processor

#include "actors/processor.hpp"
#include "actors/processor_pool.hpp"
#include "services/embedding/ngram_embedder.hpp"
#include "tests/support/fake_dispatcher.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/scratch.hpp"

#include <atomic>
#include <stdexcept>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

/// Opened once; everybody who waits goes on then.
class gate {
public:
  void open() {
    {
      std::lock_guard guard{mutex_};
      is_open_ = true;
    }
    changed_.notify_all();
  }

  void pass() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return is_open_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

struct fixture {
  scratch_folder folder;
  settings config;
  std::atomic<int> tools_made = 0;
  inbox<pool_hello> hellos;
  inbox<outcome> outcomes;
  inbox<job_update> updates;
  inbox<call_request> calls;
  std::atomic<int64_t> call_wait = 0;
  inbox<int> uplink_polls;
  gate held;
  directory_ptr peers = std::make_shared<directory>();
  processor_pool_options options;
  processor_pool_actor pool;
  dispatcher_actor dispatcher_;
  live_system live; // first to go: its actors use the rest

  fixture() {
    config.storage.uploads = folder.path();
    config.vision.provider = "local";
    options.node = "node-1";
    options.slots = 2;
    options.diagnostics = true;
    options.make_tools = [this] {
      ++tools_made;
      return job_tools::make(config, nullptr);
    };
  }

  ~fixture() {
    held.open();
    peers->set(role::dispatcher, nullptr);
    peers->set(role::uplink, nullptr);
    live.end_all();
  }

  /// Makes jobs fail with this, once the gate is open.
  void fail_behind_gate() {
    options.make_tools = [this]() -> result<std::unique_ptr<job_tools>> {
      held.pass();
      return fail(ec::storage_failed, "no uploads folder");
    };
  }

  void start_dispatcher() {
    fake_dispatcher_hooks hooks;
    hooks.on_hello = [this](pool_hello x) {
      hellos.put(x);
    };
    hooks.on_outcome = [this](outcome x) {
      outcomes.put(x);
    };
    hooks.on_update = [this](job_update x) {
      updates.put(x);
    };
    hooks.on_call = [this](call_request x) {
      calls.put(x);
      return call_wait.load();
    };
    dispatcher_ = live.ends(live.sys.spawn(fake_dispatcher, hooks));
    peers->set(role::dispatcher,
               caf::actor_cast<caf::strong_actor_ptr>(dispatcher_));
  }

  /// Returns once the pool knows: it tells the uplink.
  void lose_dispatcher() {
    peers->set(role::dispatcher, nullptr);
    caf::anon_send_exit(dispatcher_, caf::exit_reason::kill);
    uplink_polls.wait_for(1);
  }

  void start() {
    start_dispatcher();
    auto listen = [this]() -> uplink_actor::behavior_type {
      return {
        [this](poll) { uplink_polls.put(1); },
        [](const node_order&) {},
        [](const chaos_order&) {},
        [](ping) {},
      };
    };
    auto up = live.ends(live.sys.spawn(listen));
    peers->set(role::uplink, caf::actor_cast<caf::strong_actor_ptr>(up));
    pool = live.ends(live.sys.spawn(processor_pool, peers, options));
    hellos.wait_for(1);
    // What is sent from here on comes after its answer.
    live.ask<dispatch_status>(dispatcher_, look_work_v);
  }

  static job sleeping(const std::string& id, int64_t ms) {
    job x;
    x.id = id;
    x.token = "t";
    x.name = "sleep";
    x.data = R"({"ms":)" + std::to_string(ms) + "}";
    return x;
  }

  template <class T>
  void send(T message) {
    caf::actor_cast<caf::actor>(pool)->enqueue(
      caf::actor_cast<caf::strong_actor_ptr>(dispatcher_),
      caf::make_message_id(), caf::make_message(std::move(message)), nullptr);
  }

  void run(std::vector<job> jobs) {
    send(job_batch{std::move(jobs)});
  }

  drain_report drained(std::chrono::milliseconds grace) {
    return live.ask<drain_report>(pool, drain_v, int64_t{grace.count()});
  }
};

constexpr int64_t an_hour = 3600000;

} // namespace

CAF_TEST_FIXTURE_SCOPE(processor_tests, fixture)

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

CAF_TEST(a job with a limited provider books its call at the dispatcher) {
  config.embedding.provider = "local";
  options.make_tools = [this] {
    return job_tools::make(config, std::make_shared<shared_embedder>([] {
                             return result<std::unique_ptr<text_embedder>>{
                               std::make_unique<ngram_embedder>()};
                           }));
  };
  start();
  job work;
  work.id = "1";
  work.token = "t";
  work.name = "generate-embeddings";
  work.data = R"({"imageId":"i","filePath":"a.jpg",)"
              R"("metadata":{"searchableText":"a red bicycle"}})";
  work.is_limited = true;
  call_wait = 70000;
  run({work});
  auto late = outcomes.at(0);
  CAF_CHECK(late.kind == outcome_kind::throttled);
  CAF_CHECK_EQUAL(late.retry_after_ms, 70000);
  call_wait = 0;
  run({work});
  CAF_CHECK(outcomes.at(1).kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(calls.at(0).job_id, "1");
  CAF_CHECK_EQUAL(calls.at(0).token, "t");
}

CAF_TEST(a job that needs no embedder does not wait for one) {
  std::atomic<int> tries = 0;
  options.slots = 1;
  options.make_tools = [&] {
    return job_tools::make(
      config, std::make_shared<shared_embedder>(
                [&]() -> result<std::unique_ptr<text_embedder>> {
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

CAF_TEST(the next dispatcher hears of a job that runs and of its outcome) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  lose_dispatcher();
  start_dispatcher();
  auto hello = hellos.at(1);
  CAF_REQUIRE_EQUAL(hello.running.size(), 1u);
  CAF_CHECK_EQUAL(hello.running[0].id, "1");
  CAF_CHECK_EQUAL(hello.running[0].data, R"({"ms":0})");
  held.open();
  CAF_CHECK_EQUAL(outcomes.at(0).reason, "no uploads folder");
}

CAF_TEST(an outcome without a dispatcher is kept for the next) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  lose_dispatcher();
  outcome done;
  done.job_id = "1";
  done.token = "t";
  done.value = "\"kept\"";
  live.self->send(pool, done);
  start_dispatcher();
  CAF_CHECK_EQUAL(outcomes.at(0).value, "\"kept\"");
  auto hello = hellos.at(1);
  CAF_CHECK_EQUAL(hello.running.size(), 1u);
  held.open();
  CAF_CHECK_EQUAL(drained(25s).handed_back, 0u);
  for (const auto& x : outcomes.all()) // nobody said that it is settled
    CAF_CHECK_EQUAL(x.serial, 1u);     // the late one is dropped
}

CAF_TEST(a drain waits for a job that ends in time) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  std::thread opener{[this] {
    held.open();
  }};
  auto report = drained(25s);
  opener.join();
  CAF_CHECK_EQUAL(report.handed_back, 0u);
  CAF_CHECK(!outcomes.all().empty());
  // Sent again by the drain's offer, where it was there before the drain.
  for (const auto& x : outcomes.all())
    CAF_CHECK_EQUAL(x.serial, 1u);
}

CAF_TEST(a drain cuts short what does not end in time) {
  start();
  run({sleeping("1", an_hour), sleeping("2", an_hour)});
  auto report = drained(0s);
  CAF_CHECK_EQUAL(report.handed_back, 2u);
  CAF_CHECK_EQUAL(report.stranded, 0u);
  auto ended = outcomes.wait_for(2);
  for (const auto& x : ended)
    CAF_CHECK(x.kind == outcome_kind::returned);
}

CAF_TEST(jobs are stranded where no dispatcher takes them back) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  lose_dispatcher();
  auto report = drained(1ms);
  CAF_CHECK_EQUAL(report.handed_back, 1u);
  CAF_CHECK_EQUAL(report.stranded, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
