#define CAF_SUITE http_client

#include "services/http_client/http_client.hpp"
#include "services/http_client/http_error.hpp"
#include "tests/support/must.hpp"
#include "tests/support/provider.hpp"
#include "tests/support/scripted_server.hpp"

#include <chrono>
#include <thread>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

constexpr int64_t now = 1700000000000; // 2023-11-14T22:13:20Z

struct fixture {
  result<std::string> post(const std::string& path,
                           std::chrono::milliseconds timeout = 5s) {
    json_post ask{peer.odd_url + path, R"({"a":1})", "sk-secret-1", timeout};
    ask.max_response_bytes = 10000;
    return client.send(ask, nullptr);
  }

  provider peer;
  http_client client;
};

} // namespace

CAF_TEST(retry after is read as seconds and as a date) {
  CAF_CHECK_EQUAL(parse_retry_after("7", now), 7000);
  CAF_CHECK_EQUAL(parse_retry_after("0", now), 1000);
  CAF_CHECK_EQUAL(parse_retry_after("-5", now), 1000);
  CAF_CHECK_EQUAL(parse_retry_after("999999999999", now), 86400000);
  CAF_CHECK_EQUAL(parse_retry_after("Tue, 14 Nov 2023 22:14:20 GMT", now),
                  60000);
  CAF_CHECK_EQUAL(parse_retry_after("Tue, 14 Nov 2023 22:00:00 GMT", now),
                  1000);
  CAF_CHECK_EQUAL(parse_retry_after("soon", now), 0);
  CAF_CHECK_EQUAL(parse_retry_after("", now), 0);
}

CAF_TEST(a status says whether to try again) {
  auto code = [](long status, const std::string& after) {
    return http_error({status, after, ""}, "u", "", now).code;
  };
  CAF_CHECK(code(429, "") == ec::throttled);
  CAF_CHECK(code(503, "1") == ec::throttled);
  CAF_CHECK(code(503, "") == ec::upstream_failed);
  CAF_CHECK(code(500, "1") == ec::upstream_failed);
  CAF_CHECK(code(408, "") == ec::upstream_failed);
  CAF_CHECK(code(400, "") == ec::upstream_refused);
  CAF_CHECK(code(302, "") == ec::upstream_refused);
}

CAF_TEST(only a providers refusal speaks of its settings) {
  auto text = [](long status, advice_of advice) {
    return http_error({status, "", "{}"}, "u", "", now, advice).context;
  };
  CAF_CHECK(has(text(404, provider_advice), "check base_url and model"));
  CAF_CHECK(has(text(401, provider_advice), "check the API key"));
  for (auto status : {401, 403, 404, 405})
    CAF_CHECK(!has(text(status, no_advice), "check"));
  CAF_CHECK(has(text(302, no_advice), "set the final URL"));
}

CAF_TEST(no request is sent twice where a kept connection was closed) {
  using test::reply;
  test::scripted_server server{{reply(200, "a"), "", reply(200, "b")}};
  http_client client;
  json_post ask{server.url(), "{}", {}};
  CAF_CHECK_EQUAL(must(client.exchange(ask, nullptr)).body, "a");
  auto unanswered = must(client.exchange(ask, nullptr));
  CAF_CHECK_EQUAL(unanswered.status, 0);
  CAF_CHECK_EQUAL(server.requests().size(), 2u);
  CAF_CHECK_EQUAL(must(client.exchange(ask, nullptr)).body, "b");
  CAF_CHECK_EQUAL(server.requests().size(), 3u);
}

CAF_TEST(whoever does not count calls gets a second one) {
  using test::reply;
  test::scripted_server server{{reply(200, "a"), "", reply(200, "b")}};
  http_client client;
  json_post ask{server.url(), "{}", {}};
  CAF_CHECK_EQUAL(must(client.send(ask, nullptr)), "a");
  CAF_CHECK_EQUAL(must(client.send(ask, nullptr)), "b");
}

CAF_TEST(a fresh connection that is closed is an error) {
  test::scripted_server server{{""}};
  http_client client;
  auto why = refused(client.exchange({server.url(), "{}", {}}, nullptr));
  CAF_CHECK(why.code == ec::upstream_failed);
  CAF_CHECK_EQUAL(server.requests().size(), 1u);
}

CAF_TEST(an answer of any status comes whole) {
  test::scripted_server server{{test::reply(
    418, "tea", "X-Pot: small\r\nX-Long: " + std::string(5000, 'x') + "\r\n")}};
  http_client client;
  auto answer = must(client.exchange({server.url(), "{}", {}}, nullptr));
  CAF_CHECK_EQUAL(answer.status, 418);
  CAF_CHECK_EQUAL(answer.header("x-pot"), "small");
  CAF_CHECK_EQUAL(answer.header("x-long").size(), 1000u);
  CAF_CHECK_EQUAL(answer.header("x-none"), "");
  CAF_CHECK_EQUAL(answer.body, "tea");
}

CAF_TEST_FIXTURE_SCOPE(http_client_tests, fixture)

CAF_TEST(packed answers are unpacked and bounded by what they hold) {
  for (auto path : {"/gzip", "/deflate", "/br"})
    CAF_CHECK_EQUAL(must(post(path)), R"({"packed":true})");
  CAF_CHECK(has(refused(post("/bomb")).context, "longer than 10000 bytes"));
}

CAF_TEST(a request carries its body and its bearer) {
  auto seen = nlohmann::json::parse(must(post("/echo?x=1")));
  CAF_CHECK_EQUAL(seen["body"], R"({"a":1})");
  CAF_CHECK_EQUAL(seen["headers"]["content-type"], "application/json");
  CAF_CHECK_EQUAL(seen["headers"]["authorization"], "Bearer sk-secret-1");
}

CAF_TEST(a throttled request knows when to come back) {
  auto dated = refused(post("/date"));
  CAF_CHECK(dated.code == ec::throttled);
  CAF_CHECK(dated.retry_after_ms > 50000 && dated.retry_after_ms <= 60000);
  CAF_CHECK_EQUAL(refused(post("/untold")).retry_after_ms, 10000);
  CAF_CHECK_EQUAL(refused(post("/away")).retry_after_ms, 7000);
}

CAF_TEST(a refusal quotes the provider but no secret) {
  auto why = refused(post("/refused?key=sk-secret-1"));
  CAF_CHECK(why.code == ec::upstream_refused);
  CAF_CHECK(has(why.context, "bad key ***"));
  CAF_CHECK(has(why.context, "check the API key"));
  CAF_CHECK(!has(why.context, "sk-secret-1"));
  CAF_CHECK(refused(post("/down")).code == ec::upstream_failed);
}

CAF_TEST(a redirect is not followed) {
  CAF_CHECK(refused(post("/redirect")).code == ec::upstream_refused);
}

CAF_TEST(an answer that is too long or cut short has failed) {
  auto why = refused(post("/long"));
  CAF_CHECK(why.code == ec::upstream_failed);
  CAF_CHECK(has(why.context, "longer than 10000 bytes"));
  CAF_CHECK(refused(post("/short")).code == ec::upstream_failed);
  must(post("/echo"));
}

CAF_TEST(silence times out and a call can be cancelled) {
  CAF_CHECK(refused(post("/never", 200ms)).code == ec::timed_out);
  std::atomic<bool> cancel = false;
  std::thread later([&cancel] {
    std::this_thread::sleep_for(50ms);
    cancel = true;
  });
  json_post ask{peer.odd_url + "/never", "{}", {}};
  auto start = std::chrono::steady_clock::now();
  auto why = refused(client.send(ask, &cancel));
  later.join();
  CAF_CHECK(why.code == ec::cancelled);
  CAF_CHECK(std::chrono::steady_clock::now() - start < 5s);
}

CAF_TEST(nobody there and no URL are different errors) {
  auto ask = [this](const std::string& url) {
    return refused(client.send({url, "{}", {}}, nullptr));
  };
  CAF_CHECK(ask("http://127.0.0.1:1/v1").code == ec::upstream_failed);
  CAF_CHECK(ask("file:///etc/passwd").code == ec::bad_config);
  CAF_CHECK(ask("").code == ec::bad_config);
  auto why = ask("http://me:pass@127.0.0.1:1/v1?key=secret");
  CAF_CHECK(!has(why.context, "pass"));
  CAF_CHECK(!has(why.context, "secret"));
}

CAF_TEST(many threads share one client) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (auto i = 0; i < 8; ++i)
    threads.emplace_back([this, &good] {
      for (auto j = 0; j < 5; ++j)
        good += post("/echo") ? 1 : 0;
    });
  for (auto& x : threads)
    x.join();
  CAF_CHECK_EQUAL(good.load(), 40);
}

CAF_TEST_FIXTURE_SCOPE_END()
