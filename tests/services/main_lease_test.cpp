/// The lease of the active main node on a real Redis, and what it guards.
#define CAF_SUITE main_lease

#include "services/redis/main_lease.hpp"
#include "tests/support/queue_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

using namespace darkroom;
using std::chrono::milliseconds;

namespace {

struct fixture : queue_fixture {
  static lease_holder holder(const std::string& node) {
    // Frozen or of another machine: nobody can say that it is gone.
    return {node, "", "boot-" + node, {"another machine", 1, "1"}};
  }

  main_lease lease_of(const lease_holder& who) {
    return {test::shared_redis().settings(), settings, who, milliseconds{3000}};
  }

  main_lease a = lease_of(holder("a"));
  main_lease b = lease_of(holder("b"));

  void run_out() {
    raw({"DEL", D + "main"});
  }

  job_queue fenced(uint64_t fence) {
    queue_context context;
    context.fence = a.fence_key(fence);
    return other(context);
  }

  static bool is_fenced(const error& why) {
    return why.context.find("another main node is active") != std::string::npos;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(main_lease_tests, fixture)

CAF_TEST(the first takes it and the second hears of the first) {
  CAF_CHECK_EQUAL(must(a.take()).fence, 1u);
  auto seen = must(b.take());
  CAF_CHECK_EQUAL(seen.fence, 0u);
  CAF_CHECK_EQUAL(parse_lease_holder(seen.holder).node, "a");
  CAF_CHECK(seen.left_ms > 2000);
}

CAF_TEST(the holder renews it and keeps its fence) {
  must(a.take());
  raw({"PEXPIRE", D + "main", "100"});
  CAF_CHECK_EQUAL(must(a.take()).fence, 1u);
  CAF_CHECK(std::stoll(one({"PTTL", D + "main"})) > 2000);
}

CAF_TEST(the holder gets its fence back where Redis has lost it) {
  for (const auto* forgotten : {"fence:1", "mains"}) {
    must(a.take());
    raw({"DEL", D + forgotten});
    CAF_CHECK_EQUAL(must(a.take()).fence, 1u);
    CAF_CHECK(must(fenced(1).renew({}, now)).empty());
  }
}

CAF_TEST(who comes back after another one has lost it for good) {
  must(a.take());
  run_out();
  CAF_CHECK_EQUAL(must(b.take()).fence, 2u);
  CAF_CHECK_EQUAL(must(a.take()).fence, 0u);
  run_out();
  CAF_CHECK_EQUAL(must(a.take()).fence, 0u);
}

CAF_TEST(who comes back before anybody else goes on) {
  must(a.take());
  run_out();
  CAF_CHECK_EQUAL(must(a.take()).fence, 1u);
  CAF_CHECK_EQUAL(must(b.take()).fence, 0u);
}

CAF_TEST(a Redis that has forgotten all gets the holder back) {
  must(a.take());
  raw({"FLUSHALL"});
  CAF_CHECK_EQUAL(must(a.take()).fence, 1u);
  add(plain());
  auto active = fenced(1);
  CAF_CHECK_EQUAL(must(active.step({{}, {}, 1, "t"}, now)).jobs.size(), 1u);
}

CAF_TEST(who gives it up is followed at once) {
  must(a.take());
  CAF_CHECK(bool{a.release()});
  CAF_CHECK_EQUAL(must(b.take()).fence, 2u);
  CAF_CHECK(bool{a.release()}); // takes nothing away from b
  CAF_CHECK_EQUAL(must(b.take()).fence, 2u);
}

CAF_TEST(who looks sees the holder and takes nothing) {
  CAF_CHECK(must(b.look()).is_free);
  CAF_CHECK(must(b.look()).holder.empty());
  must(a.take());
  auto seen = must(b.look());
  CAF_CHECK_EQUAL(parse_lease_holder(seen.holder).node, "a");
  CAF_CHECK(!seen.is_free);
  CAF_CHECK_EQUAL(seen.fence, 0u);
  CAF_CHECK(must(a.look()).is_free); // the answer to its take may be lost
  run_out();
  CAF_CHECK(must(b.look()).is_free);
}

CAF_TEST(no fence stays of a main node that nobody followed) {
  auto life = [this](int fence) {
    return std::stoll(one({"PTTL", D + "fence:" + std::to_string(fence)}));
  };
  must(a.take());
  CAF_CHECK(life(1) > 3'000'000);
  CAF_CHECK(life(1) <= 3'600'000);
  raw({"PEXPIRE", D + "fence:1", "1000"});
  must(a.take());
  CAF_CHECK(life(1) > 3'000'000); // renewed with the lease
}

CAF_TEST(no fence stays of those before) {
  must(a.take());
  raw({"FLUSHALL"});
  must(b.take());
  must(b.release());
  run_out();
  raw({"SET", D + "mains", "4"});
  raw({"SET", D + "fence:4", "1"});
  auto c = lease_of(holder("c"));
  CAF_CHECK_EQUAL(must(c.take()).fence, 5u);
  raw({"DEL", D + "mains"});
  run_out();
  auto d = lease_of(holder("d"));
  CAF_CHECK_EQUAL(must(d.take()).fence, 1u);
  run_out();
  CAF_CHECK_EQUAL(must(c.take()).fence, 5u); // it had the higher one
  CAF_CHECK_EQUAL(raw({"KEYS", D + "fence:*"}), strings{D + "fence:5"});
}

CAF_TEST(a process of this machine that has died is followed at once) {
  auto child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  auto its = identity_of(child);
  CAF_CHECK(!is_gone(its));
  auto dying = lease_of({"dying", "", "boot", its});
  must(dying.take());
  CAF_CHECK_EQUAL(must(b.take()).fence, 0u);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CAF_CHECK_EQUAL(must(b.take()).fence, 2u);
  CAF_CHECK_EQUAL(must(dying.take()).fence, 0u);
}

CAF_TEST(nothing is written for a main node that is not the active one) {
  must(a.take());
  add_many(3);
  auto old = fenced(1);
  auto taken = must(old.step({{}, {}, 1, "t"}, now)).jobs;
  CAF_REQUIRE_EQUAL(taken.size(), 1u);
  run_out();
  must(b.take());
  auto before = raw({"KEYS", "*"}).size();
  store_step more;
  more.settle = {completed(taken[0])};
  more.claim = 1;
  more.token = "t2";
  auto refused = old.step(more, now);
  CAF_REQUIRE(!refused);
  CAF_CHECK(is_fenced(refused.error()));
  store_step told;
  told.updates = {{"1", "t", false, "50", 0}};
  CAF_CHECK(!old.step(told, now));
  CAF_CHECK(!old.renew({{{"1", "t"}}, {1}}, now));
  CAF_CHECK(!old.recover_stalled(now));
  CAF_CHECK(!old.return_orphans("t", {}, now));
  CAF_CHECK(!old.book_call({"1", "t", "vision", {"a"}, {}}, now));
  CAF_CHECK_EQUAL(raw({"KEYS", "*"}).size(), before);
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  auto next = fenced(2);
  CAF_CHECK_EQUAL(must(next.step(more, now)).jobs.size(), 1u);
}

CAF_TEST(a queue without a lease is nobodys alone) {
  must(a.take());
  add(plain());
  CAF_CHECK_EQUAL(claim(), strings{"1"});
}

CAF_TEST_FIXTURE_SCOPE_END()
