#define CAF_SUITE event_publisher

#include "actors/event_publisher.hpp"
#include "services/json/json.hpp"
#include "services/redis/subscription.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : redis_fixture {
  event_settings events;
  wake_signal wake;
  event_publisher_actor publisher;
  metrics_ptr counted = std::make_shared<metrics>();
  std::unique_ptr<subscription> channel;

  fixture() {
    events.channel = "events-of-" + settings.name;
    start(redis);
    listen(redis);
    until([this] { return listeners(events.channel) == 1; });
  }

  void start(const redis_settings& where) {
    publisher = live.ends(live.sys.spawn<caf::detached>(
      event_publisher,
      publisher_options{where, settings, events, 1000, counted, nullptr}));
  }

  void listen(const redis_settings& where) {
    channel = std::make_unique<subscription>(where, events.channel);
    (void)channel->next(std::chrono::milliseconds{1}, wake);
  }

  static worker_event event(event_kind kind, const std::string& id) {
    worker_event x;
    x.kind = kind;
    x.job_id = id;
    x.job_name = "echo";
    x.timestamp = 5;
    x.attempt = 2;
    return x;
  }

  void send(std::vector<worker_event> all) {
    live.self->send(publisher, event_batch{std::move(all)});
  }

  nlohmann::json next() {
    auto text = must(channel->next(patience, wake));
    return must(parse_json(text));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_publisher_tests, fixture)

CAF_TEST(events are published in their order) {
  auto done = event(event_kind::completed, "1");
  done.duration_ms = 12;
  send({event(event_kind::active, "1"), done});
  auto first = next();
  CAF_CHECK_EQUAL(first["type"], "job-active");
  CAF_CHECK_EQUAL(first["jobId"], "1");
  CAF_CHECK_EQUAL(first["queue"], settings.name);
  CAF_CHECK(next()["type"] == "job-completed");
  until([this] {
    return has(counted->text(), "darkroom_events_published_total 2\n");
  });
}

CAF_TEST(what is published is kept in the same order) {
  event_ring ring{redis, events.channel, 1000};
  send({event(event_kind::active, "1"), event(event_kind::completed, "1")});
  send({event(event_kind::active, "2")});
  std::vector<nlohmann::json> told{next(), next(), next()};
  auto kept = must(ring.next()).events;
  CAF_REQUIRE_EQUAL(kept.size(), told.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    CAF_CHECK_EQUAL(kept[i].number, i + 1);
    CAF_CHECK(must(parse_json(kept[i].text)) == told[i]);
  }
}

CAF_TEST(a batch of any size is published whole) {
  std::vector<worker_event> many;
  for (int i = 0; i < 1201; ++i)
    many.push_back(event(event_kind::active, std::to_string(i)));
  send(many);
  for (int i = 0; i < 1201; ++i) {
    auto told = next();
    CAF_REQUIRE_EQUAL(told["jobId"], std::to_string(i));
  }
  event_ring ring{redis, events.channel, 1000};
  CAF_CHECK_EQUAL(must(ring.newest()), 1201u);
}

CAF_TEST(events are published although they cannot be kept) {
  auto place = channel_keys{events.channel}.place();
  must(queue->connection().call({"SET", place, "of another program"}));
  send({event(event_kind::active, "1")});
  auto told = next();
  CAF_CHECK_EQUAL(told["jobId"], "1");
}

CAF_TEST(a job is announced with the number of jobs that wait) {
  add();
  add();
  send({event(event_kind::queued, "1")});
  auto told = next();
  CAF_CHECK_EQUAL(told["type"], "job-queued");
  CAF_CHECK_EQUAL(told["queueSize"], 2);
}

CAF_TEST(progress is throttled) {
  auto progress = [](const std::string& value) {
    auto x = event(event_kind::progress, "1");
    x.progress = value;
    return x;
  };
  send({progress("1"), progress("2"), progress("50")});
  CAF_CHECK(next()["progress"] == 1);
  CAF_CHECK(next()["progress"] == 50);
}

CAF_TEST(events of a time without Redis are published once it is back) {
  redis_server own;
  start(own.settings());
  own.kill();
  send({event(event_kind::active, "1")});
  send({event(event_kind::active, "2")});
  own.restart();
  event_ring ring{own.settings(), events.channel, 1000};
  until([&] { return must(ring.newest()) == 2; });
  auto kept = must(ring.next()).events;
  CAF_CHECK(has(kept[0].text, R"("jobId":"1")"));
  CAF_CHECK(has(kept[1].text, R"("jobId":"2")"));
}

CAF_TEST(the oldest events are lost if Redis is away for too long) {
  redis_server own;
  start(own.settings());
  own.kill();
  std::vector<worker_event> many;
  for (int i = 0; i < 10001; ++i)
    many.push_back(event(event_kind::active, std::to_string(i)));
  send(many);
  until([this] {
    return has(counted->text(), "darkroom_events_lost_total 500\n");
  });
  own.restart();
  event_ring ring{own.settings(), events.channel, 10000};
  until([&] { return must(ring.newest()) == 9501; });
  // The first 500 are missing: number 1 is the event of job 500.
  auto some = must(ring.next()).events.front();
  CAF_CHECK(
    has(some.text, R"("jobId":")" + std::to_string(some.number + 499) + '"'));
}

CAF_TEST_FIXTURE_SCOPE_END()
