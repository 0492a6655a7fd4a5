#define CAF_SUITE queue_census

#include "services/redis/queue_census.hpp"
#include "tests/support/admin_fixture.hpp"

#include <set>

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  queue_census census{test::shared_redis().settings(), settings};

  std::set<std::string> seen() {
    std::set<std::string> out;
    must(census.each("q", [&](queued_jobs& jobs) -> status {
      for (const auto& x : jobs)
        out.insert(x.id);
      return ok;
    }));
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_census_tests, fixture)

CAF_TEST(jobs of all states that are no end are seen) {
  auto ended = started();
  CAF_CHECK_EQUAL(settle(completed(ended)), ".");
  dead();
  std::set<std::string> wanted{started().id, add(plain()), add(delayed(1000)),
                               add(ranked(2))};
  family("parent", {"child"});
  wanted.insert({"parent", "child"});
  raw({"LPUSH", P + "wait", "0:0"}); // a marker
  CAF_CHECK(seen() == wanted);
}

CAF_TEST(a walk in small steps comes to every job) {
  std::set<std::string> wanted;
  for (auto i = 0; i < 60; ++i)
    wanted.insert({add(plain()), add(delayed(1000 + i))});
  census_cursor at;
  std::set<std::string> out;
  for (;;) {
    auto jobs = must(census.next(at, 20));
    if (jobs.empty())
      break;
    for (const auto& x : jobs)
      out.insert(x.id);
  }
  CAF_CHECK(out == wanted);
  CAF_CHECK_EQUAL(must(census.next(at, 20)).size(), 20u); // begins anew
}

CAF_TEST(a job beyond two thousand others is seen) {
  auto all = add_many(2001);
  auto found = seen();
  CAF_CHECK_EQUAL(found.size(), 2001u);
  CAF_CHECK(found.count(all.front()) + found.count(all.back()) == 2);
}

CAF_TEST(a job tells what it is and when it is due) {
  auto late = delayed(1000);
  add(late);
  census_cursor at;
  auto jobs = must(census.next(at, 10));
  CAF_REQUIRE_EQUAL(jobs.size(), 1u);
  CAF_CHECK_EQUAL(jobs[0].name, "echo");
  CAF_CHECK_EQUAL(jobs[0].data, R"({"n":1})");
  CAF_CHECK_EQUAL(jobs[0].timestamp, now);
  CAF_CHECK_EQUAL(jobs[0].due, now + 1000);
  CAF_CHECK(!jobs[0].is_active && !jobs[0].is_parent);
}

CAF_TEST(the fate of a job is known by its id) {
  CAF_CHECK(must(census.fate_of("none")).place == job_place::nowhere);
  auto failed = must(census.fate_of(dead(plain(), "no disk")));
  CAF_CHECK(failed.place == job_place::failed);
  CAF_CHECK_EQUAL(failed.reason, "no disk");
  CAF_CHECK_EQUAL(failed.attempt, 1u);
  CAF_CHECK_EQUAL(failed.timestamp, now);
  CAF_CHECK_EQUAL(failed.ended_at, now);
  auto running = must(census.fate_of(started().id));
  CAF_CHECK(running.place == job_place::queued && running.is_active);
  auto waiting = must(census.fate_of(add(delayed(1))));
  CAF_CHECK(waiting.place == job_place::queued && !waiting.is_active);
  auto lost = add(plain());
  raw({"DEL", P + "wait"});
  auto fate = must(census.fate_of(lost));
  CAF_CHECK(fate.place == job_place::nowhere && fate.has_hash);
}

CAF_TEST(all queues of the prefix are known) {
  raw({"HSET", "bull:other:meta", "version", "1"});
  raw({"HSET", "bull:q:a:meta", "name", "a job of that id"});
  raw({"HSET", "bullet:third:meta", "version", "1"});
  add(plain());
  auto names = must(census.queues());
  CAF_CHECK((std::set<std::string>{names.begin(), names.end()})
            == (std::set<std::string>{"q", "other"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
