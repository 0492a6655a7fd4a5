/// The DISPATCHER claims: slots, the watcher, job types. Limits are in
/// dispatcher_permit_test.cpp, what happens after a job has run in
/// dispatcher_outcome_test.cpp.
#define CAF_SUITE dispatcher

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_tests, dispatcher_fixture)

CAF_TEST(nothing is claimed without a pool) {
  queue->add(3);
  start();
  pass(1s);
  CAF_CHECK_EQUAL(queue->claimed(), 0u);
}

CAF_TEST(a dispatcher of a quiet node takes no jobs) {
  options.is_quiet = true;
  queue->add(1);
  start();
  join(1);
  pass(10s, 100ms);
  CAF_CHECK_EQUAL(queue->claimed(), 0u);
}

CAF_TEST(as many jobs are claimed as there are slots) {
  start();
  for (int waiting : {2, 3, 4}) {
    queue->waiting.clear();
    queue->add(waiting);
    auto pool = join(3, "node-" + std::to_string(waiting));
    CAF_CHECK_EQUAL(pool.log->jobs.size(),
                    static_cast<size_t>(std::min(waiting, 3)));
    kill(pool.handle);
    queue->interrupt();
    settle();
  }
}

CAF_TEST(slots of claims on their way are reserved) {
  queue->add(20);
  queue->is_silent = true;
  start();
  auto pool = join(4);
  // Both stores have a claim now; together they ask for no more than 4.
  CAF_CHECK_EQUAL(queue->claimed(), 4u);
  CAF_CHECK_EQUAL(queue->steps.size(), 2u);
  queue->answer_all();
  settle();
  CAF_CHECK_EQUAL(pool.log->jobs.size(), 4u);
  CAF_CHECK_EQUAL(queue->waiting.size(), 16u);
}

CAF_TEST(an empty queue is watched and not asked again) {
  start();
  pass(600ms); // the look for orphans at the start is over
  join(1);
  CAF_REQUIRE_EQUAL(queue->watches.size(), 1u);
  auto steps = queue->steps.size();
  CAF_CHECK_EQUAL(queue->watches[0].slots, 1u);
  CAF_CHECK_EQUAL(queue->watches[0].deadline, now() + 5000);
  pass(1s);
  CAF_CHECK_EQUAL(queue->steps.size(), steps);
  CAF_CHECK_EQUAL(queue->watches.size(), 1u);
}

CAF_TEST(the watcher waits no longer than until the next delayed job) {
  queue->next_due = now() + 1234;
  start();
  join(1);
  CAF_REQUIRE_EQUAL(queue->watches.size(), 1u);
  CAF_CHECK_EQUAL(queue->watches[0].deadline, queue->next_due);
}

CAF_TEST(what the watcher claims runs at once) {
  start();
  auto pool = join(4);
  queue->add(1);
  queue->wake();
  settle();
  CAF_CHECK(pool.has("1"));
  CAF_REQUIRE_EQUAL(queue->watches.size(), 2u);
  CAF_CHECK_EQUAL(queue->watches[1].slots, 3u);
}

CAF_TEST(a full claim of the watcher is followed by another claim) {
  start();
  auto pool = join(2);
  queue->add(5);
  queue->wake();
  settle();
  CAF_CHECK_EQUAL(pool.log->jobs.size(), 2u);
  end(pool, "1");
  CAF_CHECK(pool.has("3"));
}

CAF_TEST(a failed watch is tried again) {
  start();
  join(1);
  queue->failure = "Redis is away";
  queue->interrupt();
  settle();
  CAF_CHECK(queue->watching.empty());
  queue->failure.clear();
  pass(200ms);
  CAF_CHECK_EQUAL(queue->watching.size(), 1u);
}

CAF_TEST(jobs go to the pool with most free slots) {
  queue->is_silent = true;
  start();
  auto small = join(2, "small");
  auto large = join(5, "large");
  queue->answer_all();
  settle();
  queue->add(4);
  queue->wake();
  settle();
  // 5, 4, 3 free at the large one, then 2 at both: the first of them
  CAF_CHECK_EQUAL(large.log->jobs.size() + small.log->jobs.size(), 4u);
  CAF_CHECK_GREATER_OR_EQUAL(large.log->jobs.size(), 3u);
}

CAF_TEST(a job travels with its data to its pool) {
  queue->add(1);
  queue->waiting[0].data = R"({"a":1})";
  start();
  auto pool = join(1);
  auto x = pool.find("1");
  CAF_CHECK_EQUAL(x.data, R"({"a":1})");
  CAF_CHECK_EQUAL(x.attempt, 1u);
  CAF_CHECK_EQUAL(x.token.rfind("boot:", 0), 0u);
}

CAF_TEST(each claim has its own token) {
  start();
  auto pool = join(1);
  for (int i = 0; i < 3; ++i) {
    queue->add(1);
    queue->wake();
    settle();
    end(pool, std::to_string(i + 1));
  }
  std::set<std::string> tokens;
  for (const auto& x : pool.log->jobs)
    tokens.insert(x.token);
  CAF_CHECK_EQUAL(tokens.size(), 3u);
}

CAF_TEST(a restarted dispatcher uses no token twice) {
  queue->add(1);
  start();
  auto pool = join(1);
  kill(dispatcher_);
  start();
  queue->add(1);
  pool.hello(dispatcher_, "node-1", 1);
  settle();
  CAF_REQUIRE(pool.has("2"));
  CAF_CHECK_NOT_EQUAL(pool.find("1").token, pool.find("2").token);
}

CAF_TEST(a pool gets its hello answered) {
  start();
  auto pool = join(7);
  CAF_REQUIRE_EQUAL(pool.log->welcomes.size(), 1u);
  CAF_CHECK_EQUAL(pool.log->welcomes[0], 7u);
}

CAF_TEST(a job whose pool left while the claim was on its way goes back) {
  queue->add(1);
  queue->is_silent = true;
  start();
  auto pool = join(1);
  kill(pool.handle);
  queue->answer_all();
  settle();
  CAF_CHECK(is_settled("1", settle_kind::give_back));
  CAF_CHECK(!settled_at("1", 0).runner_died);
}

CAF_TEST(a job that starts is told to the web tier and to the catalog) {
  queue->add(1, "generate-metadata");
  queue->waiting[0].data = R"({"imageId":"cat","filePath":"cat.jpg"})";
  start();
  join(1, "node-7");
  CAF_REQUIRE_EQUAL(peers->events.size(), 1u);
  CAF_CHECK(peers->events[0].kind == event_kind::active);
  CAF_CHECK_EQUAL(peers->events[0].node, "node-7");
  CAF_CHECK_EQUAL(peers->events[0].image_id, "cat");
  CAF_REQUIRE_EQUAL(peers->notes.size(), 1u);
  CAF_CHECK(peers->notes[0].part == image_part::metadata);
  CAF_CHECK_EQUAL(peers->notes[0].file_path, "cat.jpg");
  CAF_CHECK_EQUAL(peers->notes[0].stamp.job_timestamp, 77);
  CAF_CHECK_EQUAL(peers->notes[0].stamp.attempt, 1u);
  CAF_CHECK_EQUAL(peers->notes[0].error, "");
}

CAF_TEST(nothing is published where that is off) {
  options.publish = false;
  queue->add(1);
  start();
  auto pool = join(1);
  report(pool, "1", "50");
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK(peers->events.empty());
}

CAF_TEST(a claim says which jobs its slots are for where pools differ) {
  start();
  auto a = join(2, "a", {}, {"echo"});
  CAF_REQUIRE(!queue->watches.empty());
  CAF_CHECK(queue->watches.back().groups.empty());
  auto b = join(1, "b", {}, {"sleep"});
  CAF_REQUIRE(!queue->steps.empty());
  CAF_CHECK_EQUAL(queue->steps.back().groups.size(), 2u);
}

CAF_TEST(a claim says so always where unknown jobs wait) {
  options.unknown_wait = true;
  start();
  auto a = join(2, "a", {}, {"echo"});
  CAF_REQUIRE(!queue->steps.empty());
  CAF_REQUIRE_EQUAL(queue->steps.front().groups.size(), 1u);
  CAF_CHECK_EQUAL(queue->steps.front().groups[0].slots, 1u); // half of them
}

CAF_TEST(jobs go to the nodes that run them) {
  start();
  auto a = join(1, "a", {}, {"echo"});
  auto b = join(1, "b", {}, {"sleep"});
  queue->add(1, "sleep");
  queue->add(1, "echo");
  queue->wake();
  settle();
  CAF_CHECK(b.has("1"));
  CAF_CHECK(a.has("2"));
}

CAF_TEST(a job for which there is a slot by now is claimed again) {
  options.unknown_wait = true;
  start();
  auto a = join(1, "a", {}, {"echo"}); // the watcher waits for this slot only
  auto b = join(1, "b", {}, {"sleep"});
  auto steps = queue->steps.size();
  queue->set_aside = {"sleep"};
  queue->wake();
  settle();
  CAF_CHECK_EQUAL(queue->steps.size(), steps + 2); // a store a slot
  pass(500ms);                                     // before the first reap
  CAF_CHECK_EQUAL(queue->steps.size(), steps + 2); // and not for ever
}

CAF_TEST(a job that no node runs is not claimed in a loop) {
  options.unknown_wait = true;
  start();
  auto a = join(1, "a", {}, {"echo"});
  auto steps = queue->steps.size();
  queue->set_aside = {"other"};
  queue->wake();
  pass(500ms); // before the first reap
  CAF_CHECK_EQUAL(queue->steps.size(), steps);
}

CAF_TEST(a job whose node died while it was claimed waits for another) {
  options.unknown_wait = true;
  start();
  auto a = join(1, "a", {}, {"echo"});
  auto b = join(1, "b", {}, {"sleep"});
  kill(b.handle);
  queue->add(1, "sleep");
  queue->wake();
  settle();
  CAF_CHECK(!a.has("1"));
  CAF_CHECK(is_settled("1", settle_kind::give_back));
}

CAF_TEST_FIXTURE_SCOPE_END()
