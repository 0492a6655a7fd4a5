#define CAF_SUITE claim_budget

#include "actors/claim_budget.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_pool.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <random>
#include <utility>

using namespace darkroom;

namespace {

struct fixture : actor_fixture {
  processor_pool_actor a = make_pool();
  processor_pool_actor b = make_pool();
  lease_table table;
  claim_budget budget;

  processor_pool_actor make_pool() {
    return ends(sys.spawn(fake_pool, std::make_shared<fake_pool_log>()));
  }

  lease& run(const std::string& id, const std::string& name = "echo") {
    lease x;
    x.work.id = id;
    x.work.token = "t";
    x.pool = table.freest(name, true)->pool;
    return table.add(std::move(x));
  }

  /// A job that has ended and is not settled.
  void end(const std::string& id) {
    table.free_slot(run(id));
  }

  static store_reply reply_with(const std::vector<std::string>& names,
                                std::vector<std::string> set_aside = {}) {
    store_reply out;
    for (const auto& name : names) {
      job x;
      x.name = name;
      out.jobs.push_back(std::move(x));
    }
    out.set_aside = std::move(set_aside);
    return out;
  }

  pending_claim open(uint32_t wanted, uint32_t settles = 0) {
    return budget.open(table, wanted, settles, 0);
  }

  /// A claim that is answered at once.
  std::vector<std::string> claim(uint32_t wanted, const store_reply& reply) {
    auto asked = open(wanted);
    budget.close(table, asked);
    return budget.learn(asked, reply, table);
  }
};

/// A queue whose scripts run at any time between their sending and their
/// answer, in any order.
struct script_fixture : fixture {
  struct script {
    pending_claim asked;
    bool has_run = false;
  };

  std::mt19937 random{11};
  std::vector<script> scripts;
  uint32_t active = 0; ///< as Redis counts
  uint32_t most_active = 0;
  int last_id = 0;

  std::vector<std::string> keys(bool is_running) {
    std::vector<std::string> out;
    for (const auto& [key, x] : table.all())
      if (x.holds_slot == is_running)
        out.push_back(key);
    return out;
  }

  void end_one() {
    if (auto running = keys(true); !running.empty())
      table.free_slot(*table.find(running[random() % running.size()]));
  }

  void send_script() {
    auto unsent = static_cast<uint32_t>(keys(false).size());
    for (const auto& x : scripts)
      unsent -= x.asked.settles;
    auto settles = static_cast<uint32_t>(random() % (unsent + 1));
    scripts.push_back({open(budget.allowance(table, settles), settles)});
  }

  void run_script() {
    if (scripts.empty())
      return;
    auto& x = scripts[random() % scripts.size()];
    if (std::exchange(x.has_run, true))
      return;
    active = active - x.asked.settles + x.asked.wanted;
    most_active = std::max(most_active, active);
  }

  void answer_script() {
    auto found = std::find_if(scripts.begin(), scripts.end(),
                              [](const auto& x) { return x.has_run; });
    if (found == scripts.end())
      return;
    auto asked = found->asked;
    scripts.erase(found);
    budget.close(table, asked);
    auto ended = keys(false);
    for (uint32_t i = 0; i < asked.settles; ++i)
      table.erase(ended[i]);
    for (uint32_t i = 0; i < asked.wanted; ++i)
      run(std::to_string(++last_id));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(claim_budget_script_tests, script_fixture)

CAF_TEST(never are more jobs active in Redis than there are slots) {
  table.join(a, "n", 6);
  table.join(b, "n", 4);
  for (int i = 0; i < 20000; ++i) {
    if (auto kind = random() % 4; kind == 0)
      end_one();
    else if (kind == 1)
      send_script();
    else if (kind == 2)
      run_script();
    else
      answer_script();
  }
  CAF_CHECK_EQUAL(most_active, 10u);
  CAF_CHECK_GREATER(last_id, 500);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(claim_budget_tests, fixture)

CAF_TEST(without slots nothing may be claimed) {
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  CAF_CHECK_EQUAL(budget.allowance(table, 5), 0u);
}

CAF_TEST(as many jobs may be claimed as slots are free) {
  table.join(a, "n", 3);
  CAF_CHECK_EQUAL(budget.allowance(table), 3u);
  run("1");
  CAF_CHECK_EQUAL(budget.allowance(table), 2u);
}

CAF_TEST(an ended job counts until it is settled) {
  table.join(a, "n", 2);
  end("1");
  CAF_CHECK_EQUAL(table.free_slots(), 2u);
  CAF_CHECK_EQUAL(budget.allowance(table), 1u);
  CAF_CHECK_EQUAL(budget.allowance(table, 1), 2u);
  table.erase(key_of("1", "t"));
  CAF_CHECK_EQUAL(budget.allowance(table), 2u);
}

CAF_TEST(more ended jobs than slots allow nothing and are not negative) {
  table.join(a, "n", 1);
  for (const char* id : {"1", "2", "3"})
    end(id);
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  CAF_CHECK_EQUAL(budget.allowance(table, 2), 0u);
  CAF_CHECK_EQUAL(budget.allowance(table, 3), 1u);
}

CAF_TEST(settling more than has ended makes no more slots) {
  table.join(a, "n", 1);
  CAF_CHECK_EQUAL(budget.allowance(table, 9), 1u);
}

CAF_TEST(a pending claim has its slots until it is closed) {
  table.join(a, "n", 3);
  auto first = open(2);
  CAF_CHECK_EQUAL(budget.pending(), 1u);
  CAF_CHECK_EQUAL(budget.allowance(table), 1u);
  auto second = open(1);
  CAF_CHECK_EQUAL(budget.pending(), 2u);
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  budget.close(table, first);
  CAF_CHECK_EQUAL(budget.allowance(table), 2u);
  budget.close(table, second);
  CAF_CHECK_EQUAL(budget.pending(), 0u);
}

CAF_TEST(a claim of nothing is none) {
  table.join(a, "n", 1);
  auto asked = open(0, 1);
  CAF_CHECK_EQUAL(budget.pending(), 0u);
  CAF_CHECK_EQUAL(asked.number, 0u);
  budget.close(table, asked);
  CAF_CHECK_EQUAL(budget.pending(), 0u);
  CAF_CHECK_EQUAL(open(1).number, 1u);
}

CAF_TEST(what a pending script settles is not counted beside what it claims) {
  table.join(a, "n", 4);
  for (const char* id : {"1", "2", "3", "4"})
    end(id);
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  auto first = open(budget.allowance(table, 2), 2);
  CAF_CHECK_EQUAL(first.wanted, 2u);
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  CAF_CHECK_EQUAL(budget.allowance(table, 2), 2u);
  budget.close(table, first);
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
}

CAF_TEST(a script that settles more than it claims frees only what it claims) {
  table.join(a, "n", 4);
  for (const char* id : {"1", "2", "3", "4"})
    end(id);
  open(1, 3);
  // The other two leave once it has answered; till then they may be active.
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
}

CAF_TEST(jobs of a claim without an answer count until orphans are back) {
  table.join(a, "n", 3);
  auto asked = open(2);
  budget.close(table, asked);
  budget.doubt(asked.wanted);
  CAF_CHECK_EQUAL(budget.doubtful(), 2u);
  CAF_CHECK_EQUAL(budget.allowance(table), 1u);
  budget.doubt(1);
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  budget.end_doubt();
  CAF_CHECK_EQUAL(budget.doubtful(), 0u);
  CAF_CHECK_EQUAL(budget.allowance(table), 3u);
}

CAF_TEST(a queue without a limit needs no permits) {
  CAF_CHECK(!budget.lacks_permits());
}

CAF_TEST(no more is allowed than permits are in hand) {
  budget = claim_budget{true};
  table.join(a, "n", 5);
  CAF_CHECK(budget.lacks_permits());
  CAF_CHECK_EQUAL(budget.allowance(table), 0u);
  budget.grant(3);
  CAF_CHECK(!budget.lacks_permits());
  CAF_CHECK_EQUAL(budget.allowance(table), 3u);
  auto asked = open(2);
  CAF_CHECK_EQUAL(budget.allowance(table), 1u);
  budget.close(table, asked); // what becomes of them, the limiter is told
  CAF_CHECK_EQUAL(budget.allowance(table), 1u);
  open(1);
  CAF_CHECK(budget.lacks_permits());
}

CAF_TEST(a limit ends at its time and not before) {
  CAF_CHECK(!budget.is_limited(0));
  budget.limit_until(1000);
  CAF_CHECK(budget.is_limited(999));
  CAF_CHECK(!budget.is_limited(1000));
}

CAF_TEST(an earlier limit does not shorten a later one) {
  budget.limit_until(1000);
  budget.limit_until(500);
  budget.limit_until(0);
  CAF_CHECK_EQUAL(budget.limited_until(), 1000);
}

CAF_TEST(work is expected once a limit is over) {
  claim(1, reply_with({}));
  CAF_CHECK(!budget.expects_work());
  budget.lift_limit(5000); // there was no limit
  CAF_CHECK(!budget.expects_work());
  budget.limit_until(1000);
  budget.lift_limit(999);
  CAF_CHECK(!budget.expects_work());
  CAF_CHECK_EQUAL(budget.limited_until(), 1000);
  budget.lift_limit(1000);
  CAF_CHECK(budget.expects_work());
  CAF_CHECK_EQUAL(budget.limited_until(), 0);
}

CAF_TEST(work is expected at first and after each claim that was full) {
  table.join(a, "n", 9);
  CAF_CHECK(budget.expects_work());
  claim(2, reply_with({"echo"}));
  CAF_CHECK(!budget.expects_work());
  claim(2, reply_with({"echo", "echo"}));
  CAF_CHECK(budget.expects_work());
  claim(2, reply_with({}));
  CAF_CHECK(!budget.expects_work());
  budget.expect_work();
  CAF_CHECK(budget.expects_work());
}

CAF_TEST(an answer tells the next delayed job and the limit) {
  auto reply = reply_with({});
  reply.next_due = 70;
  reply.limited_until = 90;
  claim(1, reply);
  CAF_CHECK_EQUAL(budget.next_due(), 70);
  CAF_CHECK_EQUAL(budget.limited_until(), 90);
  claim(1, reply_with({}));
  CAF_CHECK_EQUAL(budget.next_due(), 0);
  CAF_CHECK_EQUAL(budget.limited_until(), 90);
}

CAF_TEST(a job that was set aside is expected once a slot is free) {
  table.join(a, "n", 1, {"sleep"});
  table.join(b, "n", 1, {"echo"});
  auto& held = run("1", "sleep");
  CAF_CHECK(claim(1, reply_with({}, {"sleep"})).empty());
  budget.look_aside(table);
  CAF_CHECK(!budget.expects_work());
  table.free_slot(held);
  budget.look_aside(table);
  CAF_CHECK(budget.expects_work());
}

CAF_TEST(a later claim that finds no such job ends the waiting for it) {
  table.join(a, "n", 1, {"sleep"});
  claim(1, reply_with({}, {"sleep"}));
  claim(1, reply_with({"sleep"}));
  claim(1, reply_with({}));
  budget.look_aside(table);
  CAF_CHECK(!budget.expects_work());
}

CAF_TEST(a job of that name that was taken does not end the waiting) {
  table.join(a, "n", 2, {"sleep"});
  claim(1, reply_with({}, {"sleep"}));
  claim(2, reply_with({"sleep"}));
  budget.look_aside(table);
  CAF_CHECK(budget.expects_work());
}

CAF_TEST(a claim from before a job was set aside does not end the waiting) {
  table.join(a, "n", 2, {"sleep"});
  auto early = open(1);
  claim(1, reply_with({}, {"sleep"}));
  budget.close(table, early);
  budget.learn(early, reply_with({}), table);
  budget.look_aside(table);
  CAF_CHECK(budget.expects_work());
}

CAF_TEST(a claim without a slot for such jobs does not end the waiting) {
  table.join(a, "n", 1, {"sleep"});
  table.join(b, "n", 9, {"echo"});
  auto taken = open(1); // the sleeper's slot
  CAF_REQUIRE(table.has_slot(taken.slots, "sleep"));
  budget.learn(taken, reply_with({}, {"sleep"}), table);
  claim(1, reply_with({}));
  budget.close(table, taken);
  budget.look_aside(table);
  CAF_CHECK(budget.expects_work());
}

CAF_TEST(a job that no node runs is told once and not expected) {
  table.join(a, "n", 1, {"echo"});
  auto told = claim(1, reply_with({}, {"odd", "odd"}));
  CAF_CHECK_EQUAL(told, std::vector<std::string>{"odd"});
  CAF_CHECK(claim(1, reply_with({}, {"odd"})).empty());
  budget.look_aside(table);
  CAF_CHECK(!budget.expects_work());
}

CAF_TEST(a thousand names of jobs that no node runs are told and no more) {
  size_t told = 0;
  for (int i = 0; i < 1001; ++i)
    told += claim(1, reply_with({}, {"odd-" + std::to_string(i)})).size();
  CAF_CHECK_EQUAL(told, 1000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
