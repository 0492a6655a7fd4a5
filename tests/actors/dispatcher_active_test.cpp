/// No more jobs are active in Redis than the DISPATCHER has slots: what has
/// ended is active until it is settled.
#define CAF_SUITE dispatcher_active

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

#include <random>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : running_fixture {
  std::mt19937 random{7};
  size_t ended_jobs = 0;

  /// Some of the jobs that run end.
  void end_some() {
    auto rest = pool.log->jobs.size() - ended_jobs;
    std::vector<outcome> batch;
    for (auto n = rest == 0 ? 0 : random() % (rest + 1); n > 0; --n) {
      auto id = pool.log->jobs[ended_jobs++].id;
      if (random() % 3 == 0)
        report(pool, id, "50");
      batch.push_back(random() % 2 == 0 ? with_commit(id)
                                        : ended(pool.find(id)));
    }
    end(pool, std::move(batch));
  }

  /// One of those who are waited for answers, the youngest question first or
  /// last.
  void answer_one() {
    if (queue->held.empty())
      return;
    auto chosen = queue->held.begin();
    if (random() % 2 == 0)
      chosen += static_cast<ptrdiff_t>(queue->held.size() - 1);
    auto [request, reply] = *chosen;
    queue->held.erase(chosen);
    request.answer(reply);
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_active_tests, fixture)

CAF_TEST(no job is claimed for one that waits for Redis) {
  run(1, 1);
  queue->is_silent = true;
  report(pool, "1", "50");
  end(pool, "1"); // once its progress is stored
  queue->add(1);
  queue->wake();
  settle();
  CAF_CHECK(queue->watching.empty());
  CAF_CHECK_EQUAL(queue->active, 1u);
  queue->answer_all();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK(pool.has("2"));
}

CAF_TEST(no job is claimed for one whose rows are being stored) {
  run(2, 1, "generate-variants");
  peers->is_catalog_silent = true;
  end(pool, {with_commit("1")});
  CAF_CHECK_EQUAL(queue->active, 1u);
  CAF_CHECK(!pool.has("2"));
  peers->answer_commits();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK(pool.has("2"));
}

CAF_TEST(what a script settles makes room for what it claims) {
  run(20, 4);
  queue->is_silent = true;
  auto steps = queue->steps.size();
  for (int i = 0; i < 4; i += 2) {
    end(pool, {ended(pool.log->jobs[i]), ended(pool.log->jobs[i + 1])});
    CAF_REQUIRE_EQUAL(queue->steps.size(), ++steps);
    CAF_CHECK_EQUAL(queue->steps.back().settle.size(), 2u);
    CAF_CHECK_EQUAL(queue->steps.back().claim, 2u);
  }
  queue->answer_all();
  settle();
  CAF_CHECK_EQUAL(pool.log->jobs.size(), 8u);
}

CAF_TEST(jobs of a node that is gone are active until they are given back) {
  run(2, 2);
  queue->add(4);
  auto other = join(2, "node-2");
  CAF_REQUIRE_EQUAL(other.log->jobs.size(), 2u);
  queue->is_silent = true;
  self->send(dispatcher_, node_lost{"node-1"});
  settle();
  end(other, {ended(other.log->jobs[0])});
  CAF_CHECK_LESS_OR_EQUAL(queue->active, 4u);
  queue->answer_all();
  pass(1s, 10ms);
  CAF_CHECK_EQUAL(queue->active, 2u);
}

CAF_TEST(a node that offers no more slots takes none from others) {
  run(4, 2);
  auto other = join(2, "node-2");
  pool.hello(dispatcher_, "node-1", 0, pool.log->jobs);
  settle();
  queue->add(2);
  end(other, {ended(other.log->jobs[0]), ended(other.log->jobs[1])});
  CAF_CHECK_EQUAL(other.log->jobs.size(), 4u);
}

CAF_TEST(never are more jobs active than there are slots) {
  constexpr uint32_t slots = 8;
  run(slots, slots, "generate-variants");
  for (int i = 0; i < 2000; ++i) {
    if (random() % 2 == 0)
      queue->add(static_cast<int>(random() % 12), "generate-variants");
    queue->is_silent = true;
    peers->is_catalog_silent = random() % 3 > 0;
    end_some();
    if (random() % 2 == 0)
      queue->wake();
    if (!peers->is_catalog_silent)
      peers->answer_commits();
    answer_one();
  }
  CAF_CHECK_EQUAL(queue->most_active, slots);
  CAF_CHECK_GREATER(ended_jobs, 1000u);
  queue->answer_all();
  peers->is_catalog_silent = false;
  peers->answer_commits();
  pass(1s, 10ms);
  CAF_CHECK_EQUAL(queue->active, pool.log->jobs.size() - ended_jobs);
}

CAF_TEST_FIXTURE_SCOPE_END()
