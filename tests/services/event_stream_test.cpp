#define CAF_SUITE event_stream

#include "config/clock.hpp"
#include "services/redis/event_stream.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct event_stream_fixture : queue_fixture {
  /// The jobs that were added, as "id name data", of one look.
  strings look(milliseconds limit = milliseconds{20}) {
    strings out;
    for (const auto& x : must(stream.next_added(limit, wake)))
      out.push_back(x.id + " " + x.name + " " + x.data);
    return out;
  }

  event_stream stream{test::shared_redis().settings(), settings};
  wake_signal wake;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_stream_tests, event_stream_fixture)

CAF_TEST(jobs are told that were added since the last look) {
  CAF_CHECK(look().empty());
  add_many(2);
  CAF_CHECK_EQUAL(look(), (strings{R"(1 echo {"n":1})", R"(2 echo {"n":1})"}));
  CAF_CHECK(look().empty());
  add(delayed(1000));
  CAF_CHECK_EQUAL(look(), strings{R"(3 echo {"n":1})"});
}

CAF_TEST(what was added before the first look is history) {
  add(plain());
  CAF_CHECK(look().empty());
  add(plain());
  CAF_CHECK_EQUAL(look().size(), 1u);
}

CAF_TEST(other events are read over) {
  look();
  auto x = started();
  settle(completed(x));
  add(named("x"));
  add(named("x"));
  CAF_CHECK_EQUAL(look(), (strings{R"(1 echo {"n":1})", R"(x echo {"n":1})"}));
}

CAF_TEST(a job that is added between the ends of others is told) {
  look();
  for (int i = 0; i < 3; ++i) {
    auto x = started();
    CAF_CHECK_EQUAL(look().size(), 1u);
    settle(completed(x));
    CAF_CHECK(look().empty()); // from now on it leaps
    add(named("x" + std::to_string(i)));
    CAF_CHECK_EQUAL(look().size(), 1u);
    raw({"DEL", "bull:q:wait"});
  }
}

CAF_TEST(what many ends are told of hides no job) {
  auto jobs = started_many(1500);
  look();
  for (const auto& x : jobs)
    settle(completed(x));
  look();
  add(plain());
  for (int i = 0; i < 4; ++i)
    add(named("same")); // counted each time, and added once
  size_t total = 0;
  for (int i = 0; i < 10; ++i)
    total += look().size();
  CAF_CHECK_EQUAL(total, 2u);
}

CAF_TEST(ids that begin anew are told) {
  look();
  for (int i = 0; i < 2; ++i) {
    auto x = started();
    look();
    settle(completed(x));
    CAF_CHECK(look().empty());
    // Entries of the same millisecond would get the ids of those before.
    std::this_thread::sleep_for(milliseconds(2));
    raw({"FLUSHALL"});
    add(plain());
    CAF_CHECK_EQUAL(look(), strings{R"(1 echo {"n":1})"});
  }
}

CAF_TEST(a job that is gone already has no data) {
  look();
  add(plain());
  raw({"DEL", "bull:q:1"});
  CAF_CHECK_EQUAL(look(), strings{"1 echo "});
}

CAF_TEST(the line is told as long as it was when it was seen) {
  look();
  add_many(3);
  auto jobs = must(stream.next_added(milliseconds{20}, wake));
  CAF_REQUIRE_EQUAL(jobs.size(), 3u);
  CAF_CHECK_EQUAL(jobs[0].waiting, 3u);
  CAF_CHECK_EQUAL(jobs[2].waiting, 3u);
}

CAF_TEST(a burst is told in slices without a loss) {
  look();
  add_many(1000);
  size_t total = 0;
  for (size_t got = 1; got > 0; total += got)
    got = look().size();
  CAF_CHECK_EQUAL(total, 1000u);
}

CAF_TEST(a job that is added ends the wait) {
  look();
  std::thread producer([this] {
    std::this_thread::sleep_for(milliseconds(50));
    job_queue far{test::shared_redis().settings(), settings};
    (void)far.add({plain()}, now);
  });
  auto began = wall_clock_ms();
  CAF_CHECK_EQUAL(look(milliseconds{10000}).size(), 1u);
  producer.join();
  CAF_CHECK(wall_clock_ms() - began < 5000);
}

CAF_TEST(a signal ends the wait and loses nothing) {
  look();
  wake.raise();
  CAF_CHECK(refused(stream.next_added(milliseconds{10000}, wake)).code
            == ec::cancelled);
  add(plain());
  wake.clear();
  CAF_CHECK_EQUAL(look().size(), 1u);
}

CAF_TEST(a look without a time limit of its own ends) {
  look();
  auto began = wall_clock_ms();
  CAF_CHECK(look(milliseconds{0}).empty());
  CAF_CHECK(wall_clock_ms() - began < 900);
}

CAF_TEST(after a lost connection the stream goes on where it was) {
  look();
  add(plain());
  CAF_CHECK_EQUAL(look().size(), 1u);
  raw({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  job_queue again{test::shared_redis().settings(), settings};
  must(again.add({plain()}, now));
  CAF_CHECK_EQUAL(look(), strings{R"(2 echo {"n":1})"});
}

CAF_TEST_FIXTURE_SCOPE_END()
