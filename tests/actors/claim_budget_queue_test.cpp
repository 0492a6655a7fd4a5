/// What a claim's answer tells about the queue.
#define CAF_SUITE claim_budget_queue

#include "tests/support/budget_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(claim_budget_queue_tests, budget_fixture)

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
