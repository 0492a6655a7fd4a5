// Random histories of a queue against a model in memory. A failure names its
// seed: run it again with DARKROOM_TEST_SEED=<seed>.
#define CAF_SUITE queue_model

#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"
#include "tests/support/queue_fixture.hpp"
#include "tests/support/queue_model.hpp"

#include <cstdlib>
#include <random>

using namespace darkroom;

namespace {

uint32_t first_seed() {
  if (const auto* given = std::getenv("DARKROOM_TEST_SEED"))
    return static_cast<uint32_t>(std::strtoul(given, nullptr, 10));
  return std::random_device{}();
}

struct queue_model_fixture : queue_fixture {
  uint32_t dice(uint32_t sides) {
    return std::uniform_int_distribution<uint32_t>{0, sides - 1}(random);
  }

  void add_some() {
    std::vector<new_job> batch(1 + dice(4), plain());
    for (auto& x : batch) {
      x.priority = dice(3) == 0 ? 1 + dice(3) : 0;
      x.delay_ms = dice(4) == 0 ? dice(20) : 0;
      x.lifo = dice(4) == 0;
    }
    auto added = must(queue.add(batch, now));
    for (size_t i = 0; i < batch.size(); ++i)
      model.add(added[i], batch[i], now);
  }

  /// An id that is taken, or whose deduplication id is, adds nothing.
  void add_again() {
    auto x = plain();
    if (dice(2) == 0) {
      x.id = dice(2) == 0 && !model.jobs.empty()
               ? a_job()
               : "own-" + std::to_string(++names);
      auto is_new = model.jobs.count(x.id) == 0;
      same(add(x), x.id, "added");
      if (is_new)
        model.add(x.id, x, now);
      return;
    }
    auto deduplication = "once-" + std::to_string(dice(4));
    x.options = R"({"attempts":3,"de":{"id":")" + deduplication + R"("}})";
    auto owner = model.owner_of(deduplication);
    auto got = add(x);
    if (owner.empty())
      model.add(got, x, now, deduplication);
    else
      same(got, owner, "added instead");
  }

  /// A job of any state; a name of none where there is no job.
  std::string a_job() {
    if (model.jobs.empty())
      return "none";
    auto at = model.jobs.begin();
    std::advance(at, dice(static_cast<uint32_t>(model.jobs.size())));
    return at->first;
  }

  void retry_one() {
    auto id = a_job();
    auto is_fresh = dice(2) == 0;
    same(bool{admin.retry(id, is_fresh, now)}, model.retry(id, is_fresh),
         "retried");
  }

  void promote_one() {
    auto id = a_job();
    same(bool{admin.promote(id, now)}, model.promote_one(id), "promoted");
  }

  void remove_one() {
    auto id = a_job();
    if (model.jobs.count(id) > 0)
      same(bool{admin.remove(id, now)}, model.remove(id), "removed");
  }

  void claim_some() {
    auto count = 1 + dice(5);
    take_marker(); // a worker comes because of it
    auto reply = claim_all(count, "t:" + std::to_string(++tokens));
    same(ids(reply.jobs), model.claim(count, now), "claimed");
    runs.insert(runs.end(), reply.jobs.begin(), reply.jobs.end());
  }

  /// Runs that still hold their job, and some that lost it long ago.
  void settle_some() {
    std::vector<settlement> batch;
    for (auto count = 1 + dice(6); count > 0 && !runs.empty(); --count) {
      auto at = dice(static_cast<uint32_t>(runs.size()));
      auto x = ending(runs[at], static_cast<settle_kind>(dice(6)), "1");
      x.delay_ms = 1 + dice(20);
      x.lifo = dice(4) == 0;
      batch.push_back(x);
      if (dice(5) != 0)
        runs.erase(runs.begin() + at);
    }
    std::string expected;
    for (const auto& x : batch)
      expected += model.settle(x, now);
    same(settle(std::move(batch)), expected, "settled");
  }

  void lose_some_locks() {
    for (const auto& id : model.active)
      if (dice(2) == 0) {
        raw({"DEL", P + id + ":lock"});
        model.jobs[id].is_locked = false;
      }
  }

  void renew_some() {
    std::vector<lease_key> leases;
    std::vector<uint32_t> attempts;
    strings lost;
    for (const auto& x : runs) {
      auto mine = model.jobs.find(x.id);
      leases.push_back({x.id, x.token});
      attempts.push_back(x.attempt);
      auto is_active
        = std::count(model.active.begin(), model.active.end(), x.id) > 0;
      if (is_active && mine->second.taken == x.attempt) {
        mine->second.is_locked = true;
        model.suspects.erase(x.id);
      } else {
        lost.push_back(x.id);
      }
    }
    same(must(queue.renew(leases, attempts, now)), lost, "lost");
  }

  void check_stalled() {
    raw({"DEL", P + "stalled-check"});
    auto got = must(queue.recover_stalled(now));
    // Redis's set has its own order: the line is what it is.
    same(std::set<std::string>(got.begin(), got.end()), model.check_stalled(),
         "recovered");
    model.wait.erase(model.wait.end() - static_cast<long>(got.size()),
                     model.wait.end());
    model.wait.insert(model.wait.end(), got.begin(), got.end());
  }

  /// As BullMQ's own scripts do.
  void pause_or_resume() {
    model.is_paused = !model.is_paused;
    if (model.is_paused) {
      set_meta("paused", "1");
      raw({"DEL", P + "marker"});
      return;
    }
    raw({"HDEL", P + "meta", "paused"});
    if (!model.wait.empty() || !model.prioritized.empty())
      raw({"ZADD", P + "marker", "0", "0"});
  }

  void act() {
    now += dice(3) == 0 ? dice(10) : 0;
    auto what = dice(26);
    if (what < 5)
      add_some();
    else if (what < 11)
      claim_some();
    else if (what < 16)
      settle_some();
    else if (what == 16)
      lose_some_locks();
    else if (what == 17)
      renew_some();
    else if (what == 18)
      check_stalled();
    else if (what == 19)
      pause_or_resume();
    else if (what < 22)
      add_again();
    else if (what == 22)
      retry_one();
    else if (what == 23)
      promote_one();
    else
      remove_one();
  }

  template <class T>
  void same(const T& got, const T& wanted, const char* what) {
    if (got != wanted)
      CAF_FAIL("DARKROOM_TEST_SEED=" << seed << " step " << step_count << ": "
                                     << what << " " << caf::deep_to_string(got)
                                     << " instead of "
                                     << caf::deep_to_string(wanted));
  }

  static strings ids_of(const test::queue_model::ranking& from) {
    strings out;
    for (const auto& [score, id] : from)
      out.push_back(id);
    return out;
  }

  std::set<std::string> set_of(const std::string& name) {
    auto all = members(name);
    return {all.begin(), all.end()};
  }

  static std::string count(uint32_t x) {
    return x == 0 ? "(nil)" : std::to_string(x);
  }

  void compare() {
    same(list("wait"), model.wait, "wait");
    same(list("active"), model.active, "active");
    same(members("prioritized"), ids_of(model.prioritized), "prioritized");
    same(members("delayed"), ids_of(model.delayed), "delayed");
    same(set_of("completed"), model.completed, "completed");
    same(set_of("failed"), model.failed, "failed");
    std::set<std::string> locked;
    for (const auto& [id, x] : model.jobs)
      if (x.is_locked)
        locked.insert(P + id + ":lock");
    auto locks = raw({"KEYS", P + "*:lock"});
    same(std::set<std::string>(locks.begin(), locks.end()), locked, "locks");
    auto has_work = !model.wait.empty() || !model.prioritized.empty();
    if (has_work && !model.is_blocked() && model.concurrency == 0)
      same(score("marker", "0"), std::string{"0"}, "marker");
  }

  void compare_fields() {
    for (const auto& [id, x] : model.jobs)
      same(raw({"HMGET", P + id, "ats", "atm", "stc"}),
           strings{count(x.taken), count(x.made), count(x.stalled)}, "job");
  }

  void play(uint32_t with_seed, size_t steps) {
    seed = with_seed;
    random.seed(seed);
    CAF_MESSAGE("DARKROOM_TEST_SEED=" << seed);
    for (step_count = 0; step_count < steps; ++step_count) {
      act();
      compare();
      if (step_count % 50 == 49)
        compare_fields();
    }
  }

  uint32_t seed = 0;
  size_t step_count = 0;
  uint32_t tokens = 0;
  std::mt19937 random;
  test::queue_model model;
  std::vector<job> runs;
  uint32_t names = 0; ///< ids of our own, used once each
  queue_admin admin{test::shared_redis().settings(), settings};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_model_tests, queue_model_fixture)

CAF_TEST(a random history leaves the states of the model) {
  play(first_seed(), 5000);
  CAF_CHECK(!model.jobs.empty());
}

CAF_TEST(a random history under a concurrency leaves the states of the model) {
  model.concurrency = 4;
  set_meta("concurrency", "4");
  play(first_seed(), 5000);
  CAF_CHECK(!model.jobs.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
