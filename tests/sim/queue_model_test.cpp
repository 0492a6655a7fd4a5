// The queue of `darkroom sim` against the scripts on a real Redis, by random
// histories. A failure names its seed: run it again with
// DARKROOM_TEST_SEED=<seed>.
#define CAF_SUITE queue_model

#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"
#include "sim/queue_model.hpp"
#include "tests/support/queue_fixture.hpp"
#include "tests/support/test_seed.hpp"

#include <random>

using namespace darkroom;

namespace {

struct queue_model_fixture : queue_fixture {
  /// From here on the queue has a limit of starts.
  void limit(uint32_t starts, milliseconds window) {
    settings.limit_max = starts;
    settings.limit_window = window;
    queue = {test::shared_redis().settings(), settings};
  }

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
      same(added[i], model.add(batch[i], now), "added");
  }

  /// An id that is taken, or whose deduplication id is, adds nothing.
  void add_again() {
    auto x = plain();
    std::string deduplication;
    if (dice(2) == 0) {
      x.id = dice(2) == 0 && !model.jobs.empty()
               ? a_job()
               : "own-" + std::to_string(++names);
    } else {
      deduplication = "once-" + std::to_string(dice(4));
      x.options = R"({"attempts":3,"de":{"id":")" + deduplication + R"("}})";
    }
    same(add(x), model.add(x, now, deduplication), "added");
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

  static std::string line_of(const job& x) {
    return x.id + " " + x.token + " " + x.name + " " + x.data + " "
           + std::to_string(x.timestamp) + " ats " + std::to_string(x.attempt)
           + " atm " + std::to_string(x.attempts_made) + " priority "
           + std::to_string(x.priority) + " lost " + std::to_string(x.lost)
           + " codecs " + std::to_string(x.codec_deaths) + " attempts "
           + std::to_string(x.options.attempts) + " " + x.deferred_failure;
  }

  static strings lines_of(const std::vector<job>& jobs) {
    strings out;
    for (const auto& x : jobs)
      out.push_back(line_of(x));
    return out;
  }

  void claim_some() {
    take_marker(); // a worker comes because of it
    model.is_marked = false;
    raw({"DEL", P + "limiter"}); // expires by Redis's clock, not by ours
    model.limiter = 0;
    store_step what;
    what.claim = 1 + dice(5);
    what.token = "t:" + std::to_string(++tokens);
    auto reply = must(queue.step(what, now));
    auto wanted = model.step(what, now);
    same(lines_of(reply.jobs), lines_of(wanted.jobs), "claimed");
    same(reply.next_due, wanted.next_due, "next due");
    same(reply.limited_until, wanted.limited_until, "limited until");
    runs.insert(runs.end(), reply.jobs.begin(), reply.jobs.end());
  }

  /// Of runs that still hold their job, and some that lost it long ago.
  settlement a_settlement() {
    auto at = dice(static_cast<uint32_t>(runs.size()));
    auto x = ending(runs[at], static_cast<settle_kind>(dice(6)), "1");
    x.delay_ms = 1 + dice(20);
    x.lifo = dice(4) == 0;
    x.codec_died = dice(8) == 0;
    x.runner_died = dice(8) == 0;
    if (dice(10) == 0)
      x.token = "another's";
    if (x.kind == settle_kind::complete && dice(3) == 0)
      x.chained.assign(1 + dice(2), plain());
    if (dice(5) != 0)
      runs.erase(runs.begin() + at);
    return x;
  }

  void settle_some() {
    store_step what;
    for (auto count = 1 + dice(6); count > 0 && !runs.empty(); --count)
      what.settle.push_back(a_settlement());
    auto reply = must(queue.step(what, now));
    same(reply.statuses, model.step(what, now).statuses, "settled");
  }

  void lose_some_locks() {
    for (const auto& id : model.active)
      if (dice(2) == 0) {
        raw({"DEL", P + id + ":lock"});
        model.jobs[id].lock_end = 0;
      }
  }

  void renew_some() {
    auto what = leases_of(runs);
    same(must(queue.renew(what, now)), model.renew(what), "lost");
  }

  static renew_leases leases_of(const std::vector<job>& list) {
    renew_leases out;
    for (const auto& x : list) {
      out.leases.push_back({x.id, x.token});
      out.attempts.push_back(x.attempt);
    }
    return out;
  }

  void check_stalled() {
    raw({"DEL", P + "stalled-check"});
    model.next_check = 0;
    auto running = leases_of(dice(2) == 0 ? runs : std::vector<job>{});
    auto got = must(queue.recover_stalled(now, running));
    auto wanted = model.check_stalled(running);
    // Redis's set has its own order: the line is what it is.
    same(std::set<std::string>(got.begin(), got.end()),
         {wanted.begin(), wanted.end()}, "recovered");
    std::copy(got.begin(), got.end(),
              model.wait.end() - static_cast<long>(got.size()));
  }

  void return_some() {
    struct return_orphans what;
    what.token_prefix = dice(2) == 0 ? "t:" : "t:1";
    for (const auto& id : model.active)
      if (dice(2) == 0)
        what.running.push_back(id);
    same(must(queue.return_orphans(what.token_prefix, what.running, now)),
         model.return_orphans(what), "returned");
  }

  /// As BullMQ's own scripts do.
  void pause_or_resume() {
    model.set_paused(!model.is_paused);
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
    now += dice(3) == 0 ? dice(10) * pace : 0;
    auto what = dice(27);
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
    else if (what == 24)
      return_some();
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

  static strings ids_of(const sim::queue_model::ranking& from) {
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
      if (!model.owner_of(id).empty())
        locked.insert(P + id + ":lock");
    auto locks = raw({"KEYS", P + "*:lock"});
    same(std::set<std::string>(locks.begin(), locks.end()), locked, "locks");
    // It never wakes anybody whom Redis would let wait.
    if (model.is_marked)
      same(score("marker", "0"), std::string{"0"}, "marker");
    auto has_work = !model.wait.empty() || !model.prioritized.empty();
    if (has_work && !model.is_blocked() && model.concurrency == 0
        && model.settings.limit_max == 0)
      same(score("marker", "0"), std::string{"0"}, "marker");
  }

  void compare_fields() {
    for (const auto& [id, x] : model.jobs)
      same(raw({"HMGET", P + id, "ats", "atm", "stc"}),
           strings{count(x.fields.attempt), count(x.fields.attempts_made),
                   count(x.stalled)},
           "job");
  }

  /// An empty queue, there and here.
  void begin(uint32_t with_seed) {
    seed = with_seed;
    random.seed(seed);
    CAF_MESSAGE("DARKROOM_TEST_SEED=" << seed);
    raw({"FLUSHALL"});
    auto concurrency = model.concurrency;
    model = {};
    model.settings = settings;
    model.concurrency = concurrency;
    if (concurrency > 0)
      set_meta("concurrency", std::to_string(concurrency));
    runs.clear();
  }

  /// Short ones: of what has ended there is more with each step to compare.
  void play(uint32_t histories) {
    auto first = test::first_seed();
    for (uint32_t i = 0; i < histories; ++i) {
      begin(first + i);
      for (step_count = 0; step_count < 500; ++step_count) {
        act();
        compare();
        if (step_count % 50 == 49)
          compare_fields();
      }
      CAF_CHECK(!model.jobs.empty());
    }
  }

  uint32_t seed = 0;
  size_t step_count = 0;
  uint32_t tokens = 0;
  uint32_t pace = 1; ///< of the clock
  std::mt19937 random;
  sim::queue_model model;
  std::vector<job> runs;
  uint32_t names = 0; ///< ids of our own, used once each
  queue_admin admin{test::shared_redis().settings(), settings};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_model_tests, queue_model_fixture)

CAF_TEST(random histories leave the states of the model) {
  play(10);
}

CAF_TEST(random histories under a concurrency leave the states of the model) {
  model.concurrency = 4;
  play(10);
}

CAF_TEST(random histories under a limit leave the states of the model) {
  using namespace std::chrono_literals;
  limit(12, 10s); // Redis forgets the record after 11 s of its own clock
  pace = 50;
  play(6);
}

CAF_TEST_FIXTURE_SCOPE_END()
