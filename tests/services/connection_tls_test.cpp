#define CAF_SUITE connection_tls

#include "config/clock.hpp"
#include "services/redis/connection.hpp"
#include "services/tls/tls_authority.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <csignal>
#include <thread>

using namespace darkroom;

namespace {

/// A server with two ports: one for the fixture, one for TLS, which asks for
/// certificates.
struct tls_fixture {
  tls_fixture() {
    std::signal(SIGPIPE, SIG_IGN); // as main() does
  }

  static tls_files made(const tls_order& order, const std::string& node) {
    must(make_authority(order));
    return must(make_node_files(order, node));
  }

  redis_settings settings() const {
    auto out = server.settings();
    out.port = port;
    out.tls = true;
    out.tls_ca = files.ca;
    out.tls_certificate = files.certificate;
    out.tls_key = files.key;
    out.tls_name = "redis";
    return out;
  }

  static std::string text(result<redis_reply> reply) {
    return std::string{text_of(*must(std::move(reply)))};
  }

  /// Why nobody is let in.
  std::string why(const redis_settings& with) {
    redis_connection redis{with};
    auto refusal = refused(redis.call({"PING"}));
    CAF_CHECK(refusal.code == ec::redis_unavailable);
    return refusal.context;
  }

  scratch_folder folder;
  tls_files files = made({folder / "tls", 30, wall_clock_ms()}, "redis");
  uint16_t port = test::free_port();
  redis_server server{{"--tls-port", std::to_string(port), "--tls-cert-file",
                       files.certificate, "--tls-key-file", files.key,
                       "--tls-ca-cert-file", files.ca}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(connection_tls_tests, tls_fixture)

CAF_TEST(commands and large pipelines are answered) {
  redis_connection redis{settings(), "name"};
  std::string large(1000000, 'x');
  must(redis.call({"SET", "k", large}));
  std::vector<redis_command> commands(20, {"GET", "k"});
  for (int i = 0; i < 10; ++i)
    commands.push_back({"SET", "k", large});
  auto replies = must(redis.pipeline(commands));
  CAF_REQUIRE_EQUAL(replies.size(), 30u);
  CAF_CHECK_EQUAL(text_of(*replies[19]), large);
  CAF_CHECK_EQUAL(text(redis.call({"CLIENT", "GETNAME"})), "name");
  auto peer = redis.peer();
  CAF_REQUIRE(peer);
  CAF_CHECK_EQUAL(peer->name, "redis");
  CAF_CHECK_EQUAL(peer->version, "TLSv1.3");
  CAF_CHECK(peer->until_ms > wall_clock_ms());
}

CAF_TEST(waits end by an answer or a limit or a signal) {
  redis_connection redis{settings()};
  wake_signal wake;
  auto wait = [&](const char* seconds, milliseconds limit) {
    return redis.call_interruptible({"BLPOP", "list", seconds}, limit, wake);
  };
  auto nothing = must(wait("0.1", milliseconds{100}));
  CAF_CHECK_EQUAL(nothing->type, REDIS_REPLY_NIL);
  redis_connection other{settings()};
  must(other.call({"RPUSH", "list", "x"}));
  auto popped = must(wait("5", milliseconds{5000}));
  CAF_CHECK_EQUAL(popped->elements, 2u);
  wake.raise();
  CAF_CHECK(refused(wait("10", milliseconds{10000})).code == ec::cancelled);
  wake.clear();
  must(redis.call({"SUBSCRIBE", "channel"}));
  CAF_CHECK(!must(redis.next_message(milliseconds{50}, wake)));
  must(other.call({"PUBLISH", "channel", "text"}));
  auto message = must(redis.next_message(milliseconds{5000}, wake));
  CAF_CHECK_EQUAL(message->elements, 3u);
}

CAF_TEST(limits hold and what was closed is opened anew) {
  auto quick = settings();
  quick.command_timeout = milliseconds{300};
  redis_connection redis{quick};
  must(redis.call({"SET", "k", "v"}));
  server.freeze();
  auto began = wall_clock_ms();
  CAF_CHECK(refused(redis.call({"GET", "k"})).code == ec::redis_unavailable);
  CAF_CHECK(wall_clock_ms() - began < 3000);
  server.thaw();
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), "v");
  redis_connection other{settings()};
  must(other.call({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}));
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), "v");
  server.restart();
  CAF_CHECK_EQUAL(text(redis.call({"PING"})), "PONG");
}

CAF_TEST(who is not to be trusted is named with the reason) {
  auto theirs = made({folder / "theirs", 30, wall_clock_ms()}, "redis");
  auto with = settings();
  with.tls_ca = theirs.ca;
  CAF_CHECK(has(why(with), "is refused: self-signed certificate"));
  with = settings();
  with.tls_name = "elsewhere";
  CAF_CHECK(has(why(with), "hostname mismatch"));
  with.tls_name.clear();
  CAF_CHECK(has(why(with), "IP address mismatch"));
  with = settings();
  with.tls_certificate.clear();
  auto said = why(with); // the alert, if it comes before the end
  CAF_CHECK(has(said, "certificate required")
            || has(said, "want another certificate"));
  with = settings();
  with.tls_ca = "/nowhere";
  CAF_CHECK(has(why(with), "'/nowhere' does not exist"));
  with = settings();
  with.tls_key = theirs.key;
  CAF_CHECK(has(why(with), "is not that of certificate"));
}

CAF_TEST(a port that speaks the other way is told) {
  auto with = server.settings();
  with.port = port;
  CAF_CHECK(has(why(with), "set [redis] tls"));
  with = settings();
  with.port = server.port();
  with.connect_timeout = milliseconds{500};
  auto said = why(with);
  CAF_CHECK(has(said, "is this a port for TLS?")
            || has(said, "wrong version number"));
}

CAF_TEST(a handshake ends at the limit of connecting) {
  auto with = settings();
  with.connect_timeout = milliseconds{300};
  server.freeze();
  auto began = wall_clock_ms();
  CAF_CHECK(has(why(with), "no answer in time"));
  CAF_CHECK(wall_clock_ms() - began < 3000);
  server.thaw();
}

CAF_TEST_FIXTURE_SCOPE_END()
