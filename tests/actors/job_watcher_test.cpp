#define CAF_SUITE job_watcher

#include "actors/job_watcher.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : redis_fixture {
  std::shared_ptr<wake_signal> wake = std::make_shared<wake_signal>();
  job_watcher_actor watcher;

  fixture() {
    settings.worker_name = "w1";
    start(redis);
  }

  ~fixture() {
    wake->raise();
  }

  void start(const redis_settings& where) {
    watcher = live.ends(live.sys.spawn<caf::detached>(
      job_watcher, where, settings, queue_context{}, wake, tracer_ptr{}));
  }

  static watch_request request(uint32_t slots, int64_t wait_ms) {
    return {"boot:1", slots, wall_clock_ms() + wait_ms};
  }

  store_reply watch(uint32_t slots, int64_t wait_ms) {
    return live.ask<store_reply>(watcher, request(slots, wait_ms));
  }

  /// Clients that wait in a blocking command.
  int64_t blocked() {
    auto info = must(queue->connection().call({"INFO", "clients"}));
    auto text = std::string{text_of(*info)};
    auto at = text.find("blocked_clients:");
    return at == std::string::npos ? 0 : std::stoll(text.substr(at + 16));
  }
};

constexpr int64_t long_wait = 20000;

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_watcher_tests, fixture)

CAF_TEST(what waits already is claimed at once) {
  add();
  add();
  auto reply = watch(1, long_wait);
  CAF_CHECK_EQUAL(reply.failure, "");
  CAF_REQUIRE_EQUAL(reply.jobs.size(), 1u);
  CAF_CHECK_EQUAL(reply.jobs[0].token, "boot:1");
}

CAF_TEST(a watcher comes back without a job at its deadline) {
  auto reply = watch(1, 1);
  CAF_CHECK_EQUAL(reply.failure, "");
  CAF_CHECK(reply.jobs.empty());
}

CAF_TEST(a deadline that is over does not wait) {
  CAF_CHECK_EQUAL(watch(1, -1000).failure, "");
}

CAF_TEST(a job that is added wakes the watcher) {
  auto answer = live.self->request(watcher, patience, request(3, long_wait));
  until([this] { return blocked() > 0; });
  auto id = add();
  answer.receive(
    [&](store_reply& reply) {
      CAF_REQUIRE_EQUAL(reply.jobs.size(), 1u);
      CAF_CHECK_EQUAL(reply.jobs[0].id, id);
    },
    [&](caf::error& why) { CAF_FAIL(live.sys.render(why)); });
}

CAF_TEST(a wake signal ends the wait without a claim) {
  auto wanted = request(3, long_wait);
  auto answer = live.self->request(watcher, patience, wanted);
  until([this] { return blocked() > 0; });
  wake->raise();
  answer.receive(
    [&](store_reply& reply) {
      CAF_CHECK_EQUAL(reply.failure, "");
      CAF_CHECK(reply.jobs.empty());
      // Still to come: the asker must not forget a delayed job.
      CAF_CHECK_EQUAL(reply.next_due, wanted.deadline);
    },
    [&](caf::error& why) { CAF_FAIL(live.sys.render(why)); });
  // The signal is used up: the next wait waits again.
  add();
  CAF_CHECK_EQUAL(watch(1, long_wait).jobs.size(), 1u);
}

CAF_TEST(a wait that is cut short takes no wake - up from the fleet) {
  add();
  wake->raise();
  CAF_CHECK(watch(1, long_wait).jobs.empty());
  queue_keys keys{settings.prefix, settings.name};
  // Set again after the answer, which does not wait for Redis.
  until([&] {
    auto marker
      = must(queue->connection().call({"ZSCORE", keys.marker(), "0"}));
    return text_of(*marker) == "0";
  });
}

CAF_TEST(getWorkers lists the watcher from its start on) {
  queue_keys keys{settings.prefix, settings.name};
  auto name = keys.client_name("w1");
  until([&] {
    auto list = must(queue->connection().call({"CLIENT", "LIST"}));
    return has(std::string{text_of(*list)}, "name=" + name + " ");
  });
  CAF_CHECK(!name.empty());
}

CAF_TEST(a watcher says why when Redis is away and works again after) {
  redis_server own;
  start(own.settings());
  own.kill();
  auto away = watch(1, 1000);
  CAF_CHECK(!away.failure.empty());
  CAF_CHECK(away.is_unsent);
  own.restart();
  CAF_CHECK_EQUAL(watch(1, 1).failure, "");
}

CAF_TEST_FIXTURE_SCOPE_END()
