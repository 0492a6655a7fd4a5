#define CAF_SUITE webhook

#include "config/clock.hpp"
#include "services/notify/signature.hpp"
#include "services/notify/webhook.hpp"
#include "tests/support/must.hpp"
#include "tests/support/provider.hpp"
#include "tests/support/queue_look.hpp"

using namespace darkroom;

namespace {

const final_failure failure{"7",       "generate-metadata",
                            "image-1", "upstream \xff said no",
                            3,         1700000000000};

webhook_call call_of(const std::string& body) {
  return {"1", body, 0, 0, {}};
}

struct book_fixture : queue_look {
  book_fixture() : book(test::shared_redis().settings(), queue_of()) {}

  static queue_settings queue_of() {
    queue_settings out;
    out.name = "q";
    return out;
  }

  std::vector<webhook_call> take(int64_t now) {
    return must(book.take(10, now, milliseconds{1000}));
  }

  webhook_book book;
};

} // namespace

CAF_TEST(a final failure is posted with all that is known) {
  provider peer;
  notify_settings cfg;
  cfg.webhook = peer.odd_url + "/hook?token=secret";
  webhook hook(cfg);
  must(hook.send(call_of(webhook_body(failure)), nullptr));
  auto told = peer.last_hook();
  CAF_CHECK_EQUAL(told["type"], "image-processing-failed");
  CAF_CHECK_EQUAL(told["imageId"], "image-1");
  CAF_CHECK_EQUAL(told["jobId"], "7");
  CAF_CHECK_EQUAL(told["jobName"], "generate-metadata");
  CAF_CHECK_EQUAL(told["attempts"], 3);
  CAF_CHECK_EQUAL(told["timestamp"], 1700000000000);
  CAF_CHECK(has(told["error"].get<std::string>(), "said no"));
}

CAF_TEST(a webhook that is down is an error without its token) {
  notify_settings cfg;
  cfg.webhook = "http://127.0.0.1:1/hook?token=secret";
  webhook hook(cfg);
  auto why = refused(hook.send(call_of("{}"), nullptr));
  CAF_CHECK(why.code == ec::upstream_failed);
  CAF_CHECK(!has(why.context, "secret"));
}

CAF_TEST(a signature is what openssl computes) {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
  CAF_CHECK_EQUAL(
    signature_of(R"({"a":1})", 1700000000, "key"),
    "t=1700000000,v1="
    "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03");
}

CAF_TEST_FIXTURE_SCOPE(webhook_book_tests, book_fixture)

CAF_TEST(a call is due until it is settled) {
  must(book.add("{}", 1000));
  auto calls = take(1000);
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  CAF_CHECK_EQUAL(calls[0].body, "{}");
  CAF_CHECK(take(1999).empty());            // somebody makes it now
  CAF_REQUIRE_EQUAL(take(2000).size(), 1u); // and died
  must(book.settle(calls[0]));
  CAF_CHECK(take(9000).empty());
  CAF_CHECK_EQUAL(must(book.next_due()), 0);
}

CAF_TEST(a call that failed is due later and remembers why) {
  must(book.add("{}", 1000));
  auto call = take(1000).at(0);
  call.attempts = 1;
  call.why = "it was down";
  must(book.put_off(call, 5000));
  CAF_CHECK_EQUAL(must(book.next_due()), 5000);
  CAF_CHECK(take(4999).empty());
  auto again = take(5000);
  CAF_REQUIRE_EQUAL(again.size(), 1u);
  CAF_CHECK_EQUAL(again[0].id, call.id);
  CAF_CHECK_EQUAL(again[0].attempts, 1u);
  CAF_CHECK_EQUAL(again[0].why, "it was down");
}

CAF_TEST(a call belongs to the trace of its job) {
  raw({"HSET", P + "7", "opts", R"({"tm":"t"})"});
  CAF_CHECK_EQUAL(book.trace_of("7"), "t");
  CAF_CHECK_EQUAL(book.trace_of("8"), "");
  must(book.add("{}", 1000, "t"));
  auto due = take(1000);
  CAF_REQUIRE_EQUAL(due.size(), 1u);
  CAF_CHECK_EQUAL(due[0].trace, "t");
}

CAF_TEST(a call that was given up can be made again) {
  must(book.add("{}", 1000));
  auto call = take(1000).at(0);
  call.attempts = 8;
  must(book.bury(call, 2000));
  CAF_CHECK(take(9000).empty());
  CAF_REQUIRE_EQUAL(must(book.dead()).size(), 1u);
  CAF_CHECK_EQUAL(must(book.revive(9000)), 1u);
  CAF_CHECK(must(book.dead()).empty());
  CAF_CHECK(take(9000).at(0).attempts == 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
