/// When jobs of limited resources start.
#define CAF_SUITE resource_limit

#include "tests/support/resource_fixture.hpp"

#include <deque>
#include <map>
#include <random>

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(resource_limit_tests, resource_fixture)

CAF_TEST(no more start in a window than the resource bears) {
  add_named("see", 5);
  CAF_CHECK_EQUAL(claim(10), (strings{"1", "2", "3"}));
  CAF_CHECK_EQUAL(due("4"), now + 1001);
  CAF_CHECK_EQUAL(due("5"), now + 1001);
  now += 1000;
  CAF_CHECK_EQUAL(claim(10), strings{});
  now += 1;
  CAF_CHECK_EQUAL(claim(10), (strings{"4", "5"}));
}

CAF_TEST(a job that needs nothing limited passes those that wait) {
  add_named("see", 5);
  add_named("echo", 2);
  CAF_CHECK_EQUAL(claim(10), (strings{"1", "2", "3", "6", "7"}));
}

CAF_TEST(a job that waits for a resource counts no attempt and no start) {
  add_named("see", 4);
  claim(10);
  CAF_CHECK_EQUAL(field("4", "ats"), "(nil)");
  CAF_CHECK_EQUAL(field("4", "atm"), "(nil)");
  CAF_CHECK(!exists("4:lock"));
  CAF_CHECK_EQUAL(list("active"), (strings{"3", "2", "1"}));
  CAF_CHECK_EQUAL(field("4", "delay"), "1001");
}

CAF_TEST(who was promised a start comes before what was added since) {
  add_named("see", 5);
  claim(10);
  add_named("see", 3); // 6, 7, 8
  CAF_CHECK_EQUAL(claim(10), strings{});
  add_named("echo", 1); // stands in line when the promised ones are due
  now += 1001;
  CAF_CHECK_EQUAL(claim(3), (strings{"4", "5", "6"}));
  CAF_CHECK_EQUAL(claim(3), strings{"9"});
  now += 1001;
  CAF_CHECK_EQUAL(claim(10), (strings{"7", "8"}));
}

CAF_TEST(a late start moves those behind it) {
  add_named("see", 7);
  claim(10);
  now += 1500; // 4, 5, 6 were due at 1001
  CAF_CHECK_EQUAL(claim(2), (strings{"4", "5"}));
  now += 300;
  CAF_CHECK_EQUAL(claim(5), strings{"6"});
  CAF_CHECK_EQUAL(claim(5), strings{});
  now += 700; // 7 may start when 4 has left the window
  CAF_CHECK_EQUAL(claim(5), strings{});
  now += 1;
  CAF_CHECK_EQUAL(claim(5), strings{"7"});
}

CAF_TEST(a job of two resources waits for the slower one) {
  add_named("both", 2);
  CAF_CHECK_EQUAL(claim(10), strings{"1"});
  CAF_CHECK_EQUAL(due("2"), now + 5001);
}

CAF_TEST(a promise to a job that is gone holds nobody up) {
  add_named("see", 4);
  claim(10);
  raw({"DEL", "bull:q:4"});
  raw({"ZREM", "bull:q:delayed", "4"});
  now += 5000;
  add_named("see", 1);
  CAF_CHECK_EQUAL(claim(10), strings{"5"});
  CAF_CHECK_EQUAL(one({"ZCARD", "darkroom:bull:q:turns:eye"}), "0");
}

CAF_TEST(a promised job that an operator moved holds nobody up) {
  add_named("see", 6);
  claim(10);
  raw({"ZADD", "bull:q:delayed", std::to_string((now + 3600000) * 4096), "4"});
  now += 1001;
  CAF_CHECK_EQUAL(claim(10), (strings{"5", "6"}));
}

CAF_TEST(many that were promised and stand in line in any order all start) {
  queue_context wide;
  wide.resources.uses = {{"see", {"eye"}}};
  wide.resources.limits = {{"eye", 150, milliseconds{1000}}};
  queue = other(wide);
  add_named("see", 500);
  for (int i = 0; i < 15; ++i) { // promises are as far apart as starts
    claim(10);
    now += 60;
  }
  for (int i = 0; i < 10; ++i)
    claim(500); // all others are promised a start
  set_meta("paused", "1");
  for (int i = 0; i < 40; ++i) {
    now += 100;
    claim(1); // some stand in line at each call: the last of them in front
  }
  raw({"HDEL", "bull:q:meta", "paused"});
  int last = 150;
  size_t count = 150;
  for (int i = 0; i < 5000 && count < 500; ++i) {
    now += 2;
    for (const auto& x : claim_all(5).jobs) {
      CAF_CHECK_GREATER(std::stoi(x.id), last);
      last = std::stoi(x.id);
      ++count;
    }
  }
  CAF_CHECK_EQUAL(count, 500u);
}

CAF_TEST(a provider that asks to wait stops its resource for all) {
  add_named("see", 3);
  auto first = claim_all(1).jobs.at(0);
  refuse(queue, first, 7000);
  auto wait = ending(first, settle_kind::postpone, "429");
  wait.delay_ms = 7000;
  CAF_CHECK_EQUAL(settle(wait), ".");
  CAF_CHECK_EQUAL(due("1"), now + 7000);
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  add_named("echo", 1);
  CAF_CHECK_EQUAL(claim(10), strings{"4"});
  now += 6999;
  CAF_CHECK_EQUAL(claim(10), strings{});
  now += 1;
  CAF_CHECK_EQUAL(claim(10), (strings{"1", "2", "3"}));
}

CAF_TEST(a resource without a limit can be stopped too) {
  queue_context unlimited_eye;
  unlimited_eye.resources.uses = {{"see", {"eye"}}};
  auto free = other(unlimited_eye);
  add_named("see", 2);
  auto first = must(free.step({{}, {}, 1, "t"}, now)).jobs.at(0);
  refuse(free, first, 2000);
  auto wait = ending(first, settle_kind::postpone, "429");
  wait.delay_ms = 2000;
  must(free.step({{}, {wait}, 0, "t"}, now));
  CAF_CHECK(must(free.step({{}, {}, 9, "t"}, now)).jobs.empty());
  now += 2000;
  CAF_CHECK_EQUAL(ids(must(free.step({{}, {}, 9, "t"}, now)).jobs),
                  (strings{"1", "2"}));
}

CAF_TEST(a job can be asked why it waits) {
  add_named("see", 5);
  claim(10);
  auto promised = why("5");
  CAF_CHECK(promised["state"] == "delayed");
  CAF_CHECK(promised["earliest"] == now + 1001);
  CAF_CHECK(promised["resources"]["eye"]["used"] == 3);
  CAF_CHECK(promised["resources"]["eye"]["waiting"] == 2);
  CAF_CHECK(promised["resources"]["eye"]["promised"] == now + 1001);
  add_named("echo", 3);
  auto third = why("8");
  CAF_CHECK(third["state"] == "waiting");
  CAF_CHECK(third["ahead"] == 2);
  CAF_CHECK(third["earliest"] == now);
  CAF_CHECK(why("1")["state"] == "active");
  CAF_CHECK(must(queue.explain("nobody", now)).empty());
}

CAF_TEST(a job knows when the limit of the queue lets it start) {
  auto slow = other([](auto& x) {
    x.limit_max = 2;
    x.limit_window = milliseconds{1000};
  });
  add_named("echo", 7);
  must(slow.step({{}, {}, 9, "t"}, now));
  for (auto [id, windows] :
       std::map<std::string, int>{{"3", 1}, {"4", 1}, {"5", 2}, {"7", 3}}) {
    auto told = must(parse_json(must(slow.explain(id, now))));
    CAF_CHECK(told["earliest"] == now + 1000 * windows);
  }
}

CAF_TEST(whatever happens no window holds too many starts and all keep order) {
  auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  std::deque<int64_t> starts;
  int last = 0;
  size_t done = 0;
  for (int round = 0; round < 600; ++round) {
    if (round < 200 && random() % 3 == 0)
      add_named("see", random() % 4);
    now += static_cast<int64_t>(random() % 700);
    auto got = claim_all(1 + random() % 6).jobs;
    std::vector<settlement> ended;
    for (const auto& x : got) {
      CAF_CHECK_GREATER(std::stoi(x.id), last);
      last = std::stoi(x.id);
      starts.push_back(now);
      while (starts.front() < now - 1000)
        starts.pop_front();
      CAF_CHECK_LESS_OR_EQUAL(starts.size(), 3u);
      ended.push_back(completed(x));
    }
    done += got.size();
    if (!ended.empty())
      step(ended);
  }
  CAF_CHECK_EQUAL(one({"GET", "bull:q:id"}), std::to_string(done));
}

CAF_TEST_FIXTURE_SCOPE_END()
