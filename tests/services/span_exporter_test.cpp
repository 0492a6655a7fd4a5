#define CAF_SUITE span_exporter

#include "services/trace/span_exporter.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scripted_server.hpp"

using namespace darkroom;
using test::reply;

namespace {

struct exporter_fixture {
  metrics_ptr counted = std::make_shared<metrics>();
  log_lines log;

  static trace_settings to(const std::string& endpoint) {
    trace_settings out;
    out.endpoint = endpoint;
    out.flush_interval = std::chrono::minutes{1}; // only the end flushes
    return out;
  }

  /// Sends so many spans, and ends.
  void send(const trace_settings& settings, size_t spans = 1) {
    span_exporter exporter{settings, {}, counted};
    for (size_t i = 0; i < spans; ++i)
      exporter.add({});
    exporter.finish();
    exporter.add({}); // too late
  }

  uint64_t exported() const {
    return static_cast<uint64_t>(
      counted->value(counter::trace_spans_exported, {}));
  }

  uint64_t dropped() const {
    return static_cast<uint64_t>(
      counted->value(counter::trace_spans_dropped, {}));
  }
};

} // namespace

CAF_TEST(the endpoint gets the path of spans once) {
  for (const auto* endpoint :
       {"http://c:4318", "http://c:4318/", "http://c:4318/v1/traces"})
    CAF_CHECK_EQUAL(traces_url(endpoint), "http://c:4318/v1/traces");
  CAF_CHECK_EQUAL(traces_url("https://c/otlp/"), "https://c/otlp/v1/traces");
}

CAF_TEST(a header has its value decoded and may contain equals signs) {
  CAF_CHECK_EQUAL(export_header("Authorization=Basic%20YQ=="),
                  "Authorization: Basic YQ==");
  CAF_CHECK_EQUAL(export_header("a=50%"), "a: 50%");
  CAF_CHECK_EQUAL(export_header("a=b%0d%0aEvil: c"), "a: b Evil: c");
  CAF_CHECK_EQUAL(export_header("a="), "a: ");
}

CAF_TEST_FIXTURE_SCOPE(span_exporter_tests, exporter_fixture)

CAF_TEST(the end sends what waits in batches) {
  test::scripted_server server{{reply(200, "{}")}};
  send(to(server.url()), 513);
  CAF_CHECK_EQUAL(server.requests().size(), 2u);
  CAF_CHECK_EQUAL(exported(), 513u);
  CAF_CHECK_EQUAL(dropped(), 1u); // the one that came too late
  CAF_CHECK_EQUAL(log.count("span"), 0u);
}

CAF_TEST(what does not fit is dropped) {
  test::scripted_server server{{reply(200, "{}")}};
  auto settings = to(server.url());
  settings.max_spans = 3;
  send(settings, 5);
  CAF_CHECK_EQUAL(exported(), 3u);
  CAF_CHECK_EQUAL(dropped(), 2u + 1u);
}

CAF_TEST(a refused batch is dropped and not sent again) {
  test::scripted_server server{{reply(400, R"({"message":"bad span"})")}};
  send(to(server.url()), 600);
  CAF_CHECK_EQUAL(server.requests().size(), 2u);
  CAF_CHECK_EQUAL(exported(), 0u);
  CAF_CHECK_EQUAL(dropped(), 600u + 1u);
  CAF_CHECK_EQUAL(log.count("spans are not exported"), 1u); // not twice
  CAF_CHECK_EQUAL(log.count("answered 400"), 1u);
  CAF_CHECK_EQUAL(log.count("bad span"), 1u);
}

CAF_TEST(spans that a collector rejects of a batch are dropped) {
  test::scripted_server server{{reply(
    200, R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"old"}})")}};
  send(to(server.url()), 5);
  CAF_CHECK_EQUAL(exported(), 3u);
  CAF_CHECK_EQUAL(dropped(), 2u + 1u);
  CAF_CHECK_EQUAL(log.count("rejected 2 of them: old"), 1u);
}

CAF_TEST(a batch that may pass later is sent again) {
  for (auto status : {429, 502, 503, 504}) {
    test::scripted_server server{{reply(status, ""), reply(200, "{}")}};
    send(to(server.url()), 2);
    auto requests = server.requests();
    CAF_REQUIRE_EQUAL(requests.size(), 2u);
    CAF_CHECK_EQUAL(requests[0], requests[1]);
  }
  CAF_CHECK_EQUAL(exported(), 4u * 2u);
  CAF_CHECK_EQUAL(log.count("spans are exported again"), 4u);
}

CAF_TEST(a collector that is away does not hold up the end) {
  send(to("http://127.0.0.1:1"), 2);
  CAF_CHECK_EQUAL(dropped(), 2u + 1u);
  CAF_CHECK_EQUAL(log.count("cannot be reached"), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
