#define CAF_SUITE chaos_account

#include "nodes/chaos/verdict.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct run_so_far {
  chaos_account account;

  void add(const std::string& id) {
    account.added(id);
  }
  void see(const std::string& name, const std::string& id, int64_t at) {
    account.enter({at, name, id, {}, {}});
  }
  /// A job that ran on a node from `from` to `to`.
  void run(const std::string& id, const std::string& node, int64_t from,
           int64_t to) {
    add(id);
    see("active", id, from);
    account.runs_on(id, node);
    if (to > 0)
      see("completed", id, to);
  }
  void act(const std::string& node, int64_t at, harm kind = harm::kill_worker) {
    account.acted({0ms, kind, node, {}, 0ms}, at);
  }
};

} // namespace

CAF_TEST(a job that was added and completed once is well) {
  run_so_far x;
  x.run("a", "w", 10, 20);
  auto verdict = x.account.judge();
  CAF_CHECK_EQUAL(verdict.added, 1u);
  CAF_CHECK_EQUAL(verdict.completed, 1u);
  CAF_CHECK(verdict.is_good());
  CAF_CHECK(x.account.open().empty());
}

CAF_TEST(a job that completes before its add is acknowledged is one job) {
  run_so_far x;
  x.see("active", "a", 10);
  x.see("completed", "a", 20);
  x.see("completed", "other", 20);
  CAF_CHECK_EQUAL(x.account.judge().added, 0u);
  x.add("a");
  CAF_CHECK_EQUAL(x.account.judge().completed, 1u);
}

CAF_TEST(a job that is gone and never ended is lost) {
  run_so_far x;
  x.run("a", "w", 10, 0);
  CAF_CHECK(!x.account.judge().is_good());
  CAF_CHECK_EQUAL(x.account.judge().unfinished.size(), 1u);
  x.account.looked("a", {true, false, 0});
  CAF_CHECK_EQUAL(x.account.open().size(), 1u);
  x.account.looked("a", {false, false, 0});
  CAF_CHECK(x.account.open().empty());
  auto verdict = x.account.judge();
  CAF_CHECK(verdict.lost == std::vector<std::string>{"a"});
  CAF_CHECK(verdict.unfinished.empty());
  CAF_CHECK(!verdict.is_good());
}

CAF_TEST(a job that completed twice is doubled) {
  run_so_far x;
  x.run("a", "w", 10, 20);
  x.see("active", "a", 30);
  x.see("completed", "a", 40);
  auto verdict = x.account.judge();
  CAF_CHECK(verdict.doubled == std::vector<std::string>{"a"});
  CAF_CHECK_EQUAL(verdict.completed, 1u);
  CAF_CHECK_EQUAL(verdict.started_anew, 1u);
  CAF_CHECK(!verdict.is_good());
}

CAF_TEST(what the stream did not tell is no proof that all is well) {
  run_so_far x;
  x.add("a");
  x.account.looked("a", {true, true, 1});
  CAF_CHECK(x.account.open().empty());
  CAF_CHECK(x.account.judge().unseen == std::vector<std::string>{"a"});
  CAF_CHECK(!x.account.judge().is_good());
}

CAF_TEST(attempts beyond the one a job needs are burned) {
  run_so_far x;
  x.run("once", "w", 10, 20);
  x.account.looked("once", {true, true, 1});
  x.run("thrice", "w", 10, 20);
  x.account.looked("thrice", {true, true, 3});
  x.add("never");
  x.see("failed", "never", 30);
  x.account.looked("never", {true, true, 2});
  auto verdict = x.account.judge();
  CAF_CHECK_EQUAL(verdict.burned, 4u);
  CAF_CHECK_EQUAL(verdict.failed, 1u);
  CAF_CHECK(verdict.is_good());
}

CAF_TEST(recovery is until a job of the target starts anew) {
  run_so_far x;
  x.run("a", "w-1", 10, 0);
  x.run("b", "w-2", 10, 0);
  x.act("w-1", 100);
  x.see("completed", "b", 150);
  x.see("active", "a", 300);
  x.see("completed", "a", 400);
  auto verdict = x.account.judge();
  CAF_CHECK_EQUAL(verdict.recovery.count, 1u);
  CAF_CHECK_EQUAL(verdict.recovery.max, 200);
  CAF_CHECK_EQUAL(verdict.deeds["kill-worker"], 1u);
}

CAF_TEST(recovery is until the next completion where no job starts anew) {
  run_so_far x;
  x.run("a", "w-1", 10, 0);
  x.act("w-1", 100, harm::kill_actor);
  x.act("redis", 120, harm::kill_clients);
  x.see("completed", "a", 150);
  auto verdict = x.account.judge();
  CAF_CHECK_EQUAL(verdict.recovery.p50, 30);
  CAF_CHECK_EQUAL(verdict.recovery.max, 50);
}

CAF_TEST(a start after the target was harmed once more is not counted) {
  run_so_far x;
  x.run("a", "w-1", 10, 0);
  x.run("b", "w-2", 10, 0);
  x.act("w-1", 100);
  x.act("w-1", 200);
  x.see("completed", "b", 150);
  x.see("active", "a", 260);
  auto times = x.account.judge().recovery;
  CAF_CHECK_EQUAL(times.p50, 50);
  CAF_CHECK_EQUAL(times.max, 60);
}

CAF_TEST(an action after which nothing happens is told) {
  run_so_far x;
  x.run("a", "w-1", 10, 20);
  x.act("w-1", 100);
  CAF_CHECK_EQUAL(x.account.judge().unrecovered, 1u);
  CAF_CHECK_EQUAL(x.account.judge().recovery.count, 0u);
}

CAF_TEST(a spread is of nearest ranks) {
  CAF_CHECK_EQUAL(spread_of({}).count, 0u);
  CAF_CHECK_EQUAL(spread_of({5}).p99, 5);
  std::vector<int64_t> hundred;
  for (int64_t i = 100; i > 0; --i)
    hundred.push_back(i);
  auto x = spread_of(hundred);
  CAF_CHECK_EQUAL(x.p50, 50);
  CAF_CHECK_EQUAL(x.p99, 99);
  CAF_CHECK_EQUAL(x.max, 100);
}

CAF_TEST(a verdict is told to people and to programs) {
  chaos_outcome out;
  out.seed = 42;
  out.verdict.added = 8;
  out.verdict.lost = {"a", "b", "c", "d", "e", "f"};
  out.verdict.deeds = {{"cut-worker", 2}, {"kill-actor", 3}};
  out.skipped = {"kill-worker w-1: it is away"};
  std::string text;
  for (const auto& x : to_lines(out))
    text += x + "\n";
  CAF_CHECK(has(text, "lost                     6: a, b, c, d, e, …"));
  CAF_CHECK(has(text, "2 cut-worker, 3 kill-actor"));
  CAF_CHECK(has(text, "seed                     42\n"));
  CAF_CHECK(has(text, "verdict                  broken\n"));
  auto json = to_json(out);
  CAF_CHECK_EQUAL(json["verdict"].get<std::string>(), "broken");
  CAF_CHECK_EQUAL(json["jobs"]["lost"].size(), 6u);
  out.verdict.lost.clear();
  CAF_CHECK_EQUAL(to_json(out)["verdict"].get<std::string>(), "ok");
}
