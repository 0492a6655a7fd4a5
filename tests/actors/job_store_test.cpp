#define CAF_SUITE job_store

#include "actors/job_store.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : redis_fixture {
  job_store_actor store;
  metrics_ptr counted = std::make_shared<metrics>();

  fixture() {
    start(redis);
  }

  void start(const redis_settings& where) {
    store = live.ends(live.sys.spawn<caf::detached>(
      job_store, where, settings, queue_context{}, counted, tracer_ptr{}));
  }

  store_reply step(const store_step& x) {
    return live.ask<store_reply>(store, x);
  }

  std::vector<job> claim(uint32_t count, const std::string& token = "boot:1") {
    store_step x;
    x.claim = count;
    x.token = token;
    auto reply = step(x);
    CAF_CHECK_EQUAL(reply.failure, "");
    return reply.jobs;
  }

  settle_status settled(const settlement& how) {
    store_step x;
    x.settle.push_back(how);
    auto reply = step(x);
    CAF_REQUIRE_EQUAL(reply.statuses.size(), 1u);
    return static_cast<settle_status>(reply.statuses[0]);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_store_tests, fixture)

CAF_TEST(of a Redis that is not there nothing was asked) {
  auto nowhere = redis;
  nowhere.port = test::free_port();
  start(nowhere);
  store_step x;
  x.claim = 1;
  x.token = "boot:1";
  auto reply = step(x);
  CAF_CHECK(has(reply.failure, "127.0.0.1:" + std::to_string(nowhere.port)));
  CAF_CHECK(reply.is_unsent);
}

CAF_TEST(a store claims no more than there is and no more than it is asked) {
  for (int i = 0; i < 3; ++i)
    add("echo", "[" + std::to_string(i) + "]");
  auto two = claim(2);
  CAF_REQUIRE_EQUAL(two.size(), 2u);
  CAF_CHECK_EQUAL(two[0].data, "[0]");
  CAF_CHECK_EQUAL(two[0].token, "boot:1");
  CAF_CHECK_EQUAL(two[0].attempt, 1u);
  CAF_CHECK_EQUAL(two[0].options.attempts, 3u);
  CAF_CHECK_EQUAL(claim(2).size(), 1u);
  CAF_CHECK_EQUAL(claim(2).size(), 0u);
  CAF_CHECK_EQUAL(counts().active, 3u);
}

CAF_TEST(one step writes updates and settles and claims) {
  auto first = add();
  auto second = add();
  auto x = claim(1)[0];
  store_step all;
  all.updates.push_back({x.id, x.token, false, "40", 0});
  all.settle.push_back(complete(x));
  all.claim = 1;
  all.token = "boot:2";
  auto reply = step(all);
  CAF_REQUIRE_EQUAL(reply.statuses.size(), 1u);
  CAF_CHECK_EQUAL(reply.statuses[0], 0);
  CAF_REQUIRE_EQUAL(reply.jobs.size(), 1u);
  CAF_CHECK_EQUAL(reply.jobs[0].id, second);
  CAF_CHECK_EQUAL(reply.jobs[0].token, "boot:2");
  CAF_CHECK_EQUAL(field(first, "progress"), "40");
  CAF_CHECK_EQUAL(field(first, "returnvalue"), "1");
  CAF_CHECK_EQUAL(counts().completed, 1u);
}

CAF_TEST(a settlement with another token or attempt is fenced) {
  add();
  auto x = claim(1)[0];
  auto other = complete(x);
  other.token = "boot:9";
  CAF_CHECK(settled(other) == settle_status::fenced);
  CAF_CHECK_EQUAL(counts().active, 1u);
  CAF_CHECK(settled(complete(x)) == settle_status::settled);
}

CAF_TEST(settled jobs are counted by outcome and refused settlements are not ) {
  add();
  add();
  auto jobs = claim(2);
  auto other = complete(jobs[0]);
  other.token = "boot:9";
  CAF_CHECK(settled(other) == settle_status::fenced);
  auto failed = complete(jobs[1]);
  failed.kind = settle_kind::fail;
  CAF_CHECK(settled(complete(jobs[0])) == settle_status::settled);
  CAF_CHECK(settled(failed) == settle_status::settled);
  CAF_CHECK(has(counted->text(),
                "darkroom_jobs_settled_total{outcome=\"completed\"} 1\n"));
  CAF_CHECK(has(counted->text(),
                "darkroom_jobs_settled_total{outcome=\"failed\"} 1\n"));
}

CAF_TEST(a settlement that comes twice changes nothing the second time) {
  auto id = add();
  auto x = claim(1)[0];
  CAF_CHECK(settled(complete(x)) == settle_status::settled);
  CAF_CHECK(settled(complete(x)) != settle_status::settled);
  CAF_CHECK_EQUAL(counts().completed, 1u);
}

CAF_TEST(leases of others are told as lost) {
  add();
  auto x = claim(1)[0];
  renew_leases ask{{{x.id, x.token}}, {1}};
  CAF_CHECK(live.ask<id_list>(store, ask).ids.empty());
  ask.leases[0].token = "boot:9";
  auto lost = live.ask<id_list>(store, ask);
  CAF_CHECK_EQUAL(lost.failure, "");
  CAF_REQUIRE_EQUAL(lost.ids.size(), 1u);
  CAF_CHECK_EQUAL(lost.ids[0], x.id);
}

CAF_TEST(orphans of this process go back and running jobs stay) {
  add();
  add();
  add();
  auto mine = claim(2, "boot:1");
  auto other = claim(1, "else:1");
  return_orphans ask{"boot", {mine[0].id}};
  auto back = live.ask<id_list>(store, ask);
  CAF_CHECK_EQUAL(back.failure, "");
  CAF_REQUIRE_EQUAL(back.ids.size(), 1u);
  CAF_CHECK_EQUAL(back.ids[0], mine[1].id);
  CAF_CHECK_EQUAL(counts().active, 2u);
  CAF_CHECK_EQUAL(counts().waiting, 1u);
}

CAF_TEST(a stalled check finds nothing where all locks hold) {
  add();
  claim(1);
  CAF_CHECK(live.ask<id_list>(store, stalled_v, renew_leases{}).ids.empty());
}

CAF_TEST(every answer says why when Redis is away and works again after) {
  redis_server own;
  start(own.settings());
  own.kill();
  store_step x;
  x.claim = 1;
  x.token = "t";
  CAF_CHECK(has(step(x).failure, std::to_string(own.port())));
  CAF_CHECK(has(live.ask<id_list>(store, stalled_v, renew_leases{}).failure,
                "127.0.0.1"));
  renew_leases leases{{{"1", "t"}}, {1}};
  CAF_CHECK(!live.ask<id_list>(store, leases).failure.empty());
  return_orphans orphans{"boot", {}};
  CAF_CHECK(!live.ask<id_list>(store, orphans).failure.empty());
  own.restart();
  CAF_CHECK_EQUAL(step(x).failure, "");
}

CAF_TEST_FIXTURE_SCOPE_END()
