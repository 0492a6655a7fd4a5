#define CAF_SUITE notifier

#include "actors/notifier.hpp"
#include "services/http/http_server.hpp"
#include "services/json/json.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/must.hpp"
#include "tests/support/queue_look.hpp"

using namespace darkroom;

namespace {

/// A web hook of a test's own that answers with `status`.
struct fixture : queue_look {
  std::atomic<int> status = 200;
  inbox<std::string> bodies;
  http_server server{settings_of_server()};
  live_system live;
  notifier_actor notifier; // goes before its system
  metrics_ptr counted = std::make_shared<metrics>();

  fixture() {
    server.route("POST", "/hook", [this](const http_request& x) {
      auto code = status.load(); // the test may set another one from here on
      bodies.put(x.body);
      return json_response(code, "{}");
    });
    must(server.start());
    start("http://127.0.0.1:" + std::to_string(server.port()) + "/hook");
  }

  ~fixture() {
    live.end_all();
    server.stop();
  }

  static http_settings settings_of_server() {
    http_settings out;
    out.port = 0;
    return out;
  }

  void start(const std::string& url) {
    notify_settings cfg;
    cfg.webhook = url;
    cfg.timeout = milliseconds{5000};
    queue_settings queue;
    queue.name = "q";
    notifier = live.ends(live.sys.spawn<caf::detached>(
      darkroom::notifier, test::shared_redis().settings(), queue, cfg,
      counted));
  }

  void fail_job(const std::string& id) {
    live.self->send(notifier, final_failure{id, "echo", "cat", "why", 3, 1234});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(notifier_tests, fixture)

CAF_TEST(a final failure reaches the web hook) {
  fail_job("7");
  auto told = must(parse_json(bodies.at(0)));
  CAF_CHECK_EQUAL(told["jobId"], "7");
  CAF_CHECK_EQUAL(told["imageId"], "cat");
  CAF_CHECK_EQUAL(told["error"], "why");
  CAF_CHECK_EQUAL(told["attempts"], 3);
}

CAF_TEST(a hook that refuses does not end the notifier) {
  status = 403;
  fail_job("7");
  bodies.wait_for(1);
  status = 200;
  fail_job("8");
  // The first one is made again after a second.
  std::string all;
  for (const auto& body : bodies.wait_for(3))
    all += body;
  CAF_CHECK(has(all, "\"8\""));
  fail_job("9"); // begins when those before it are counted
  bodies.wait_for(4);
  CAF_CHECK(has(counted->text(), "darkroom_webhooks_failed_total 1\n"));
  CAF_CHECK(!has(counted->text(), "darkroom_webhooks_sent_total 0\n"));
}

CAF_TEST(a hook that nobody listens at does not end the notifier) {
  start("http://127.0.0.1:1/hook");
  fail_job("7");
  fail_job("8");
  // It ends like any other actor: nothing holds it up.
  live.end_all();
  CAF_CHECK(bodies.all().empty());
}

CAF_TEST(without a hook failures are only logged) {
  start("");
  fail_job("7");
  live.end_all();
  CAF_CHECK(bodies.all().empty());
  CAF_CHECK(has(counted->text(), "darkroom_webhooks_failed_total 0\n"));
  CAF_CHECK(has(counted->text(), "darkroom_webhooks_sent_total 0\n"));
}

CAF_TEST(drift is told with its class and examples) {
  live.self->send(
    notifier,
    drift_alert{"stuck-processing", "found", 2, {"cat: stuck"}, 1234});
  auto told = must(parse_json(bodies.wait_for(1).at(0)));
  CAF_CHECK_EQUAL(told["type"], "drift-state");
  CAF_CHECK_EQUAL(told["class"], "stuck-processing");
  CAF_CHECK_EQUAL(told["state"], "found");
  CAF_CHECK_EQUAL(told["count"], 2);
  CAF_CHECK_EQUAL(told["examples"].at(0), "cat: stuck");
  CAF_CHECK_EQUAL(told["timestamp"], 1234);
}

CAF_TEST_FIXTURE_SCOPE_END()
