/// How many jobs slots, permits and limits allow to claim.
#define CAF_SUITE claim_budget

#include "tests/support/budget_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(claim_budget_tests, budget_fixture)

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

CAF_TEST_FIXTURE_SCOPE_END()
