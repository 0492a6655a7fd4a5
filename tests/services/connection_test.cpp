#define CAF_SUITE connection

#include "config/clock.hpp"
#include "services/redis/connection.hpp"
#include "tests/support/black_hole.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <csignal>

using namespace darkroom;

namespace {

struct connection_fixture {
  connection_fixture() {
    std::signal(SIGPIPE, SIG_IGN); // as main() does
  }

  redis_settings quick() const {
    auto out = server.settings();
    out.connect_timeout = milliseconds{300};
    out.command_timeout = milliseconds{300};
    return out;
  }

  /// How long a call takes, ms.
  template <class Call>
  static int64_t time(Call call) {
    auto began = wall_clock_ms();
    call();
    return wall_clock_ms() - began;
  }

  static std::string text(result<redis_reply> reply) {
    return std::string{text_of(*must(std::move(reply)))};
  }

  redis_server server;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(connection_tests, connection_fixture)

CAF_TEST(a command gives its answer) {
  redis_connection redis{server.settings()};
  CAF_CHECK(redis.ensure());
  CAF_CHECK_EQUAL(text(redis.call({"PING"})), "PONG");
  std::string bytes{"a\0b\r\n\xff", 6};
  must(redis.call({"SET", "k", bytes}));
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), bytes);
  CAF_CHECK_EQUAL(number_of(*must(redis.call({"INCR", "n"}))), 1);
  CAF_CHECK_EQUAL(number_of(*must(redis.call({"GET", "n"}))), 1);
  CAF_CHECK_EQUAL(text(redis.call({"SET", "empty", {}})), "OK");
}

CAF_TEST(a master that became a replica is left and tried anew) {
  redis_connection redis{server.settings()};
  redis_connection other{server.settings()};
  auto before = number_of(*must(redis.call({"CLIENT", "ID"})));
  must(other.call({"REPLICAOF", "127.0.0.1", "1"}));
  auto refused = redis.call({"SET", "k", "v"});
  CAF_REQUIRE(!refused);
  CAF_CHECK(refused.error().code == ec::redis_unavailable);
  must(other.call({"REPLICAOF", "NO", "ONE"}));
  CAF_CHECK_EQUAL(text(redis.call({"SET", "k", "v"})), "OK");
  CAF_CHECK(number_of(*must(redis.call({"CLIENT", "ID"}))) > before);
}

CAF_TEST(a refusal is an error and not the end) {
  redis_connection redis{server.settings()};
  must(redis.call({"SET", "k", "text"}));
  auto why = refused(redis.call({"LPUSH", "k", "x"}));
  CAF_CHECK(why.code == ec::redis_refused);
  CAF_CHECK(has(why.context, "WRONGTYPE"));
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), "text");
}

CAF_TEST(a server that is not there is named) {
  auto settings = quick();
  settings.port = test::free_port();
  redis_connection redis{settings};
  auto why = refused(redis.call({"PING"}));
  CAF_CHECK(why.code == ec::redis_unavailable);
  CAF_CHECK(has(why.context, "127.0.0.1:" + std::to_string(settings.port)));
  CAF_CHECK(has(why.context, "refused"));
}

CAF_TEST(connecting ends at its time limit) {
  test::black_hole hole;
  auto settings = quick();
  settings.port = hole.port();
  redis_connection redis{settings};
  auto took = time([&] {
    CAF_CHECK(refused(redis.call({"PING"})).code == ec::redis_unavailable);
  });
  CAF_CHECK(took >= 250);
  CAF_CHECK(took < 3000);
}

CAF_TEST(a command ends at its time limit and the next one works) {
  redis_connection redis{quick()};
  must(redis.call({"SET", "k", "v"}));
  server.freeze();
  auto took = time([&] {
    CAF_CHECK(refused(redis.call({"GET", "k"})).code == ec::redis_unavailable);
  });
  server.thaw();
  CAF_CHECK(took >= 250);
  CAF_CHECK(took < 3000);
  // the late answer of the first command belongs to a closed connection
  CAF_CHECK_EQUAL(text(redis.call({"PING"})), "PONG");
}

CAF_TEST(a frozen server holds up a new connection no longer) {
  server.freeze();
  redis_connection redis{quick(), "name"};
  auto took = time([&] { CAF_CHECK(!redis.ensure()); });
  server.thaw();
  CAF_CHECK(took < 3000);
  CAF_CHECK(redis.ensure());
}

CAF_TEST(after a restart the second call works) {
  redis_connection redis{quick()};
  must(redis.call({"PING"}));
  server.kill();
  CAF_CHECK(refused(redis.call({"PING"})).code == ec::redis_unavailable);
  CAF_CHECK(refused(redis.call({"PING"})).code == ec::redis_unavailable);
  server.restart();
  CAF_CHECK_EQUAL(text(redis.call({"PING"})), "PONG");
}

CAF_TEST(what was closed while nothing was asked is opened anew) {
  redis_connection redis{quick()};
  redis_connection other{quick()};
  auto close_it = [&] {
    must(other.call({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}));
  };
  must(redis.call({"SET", "k", "v"}));
  close_it();
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), "v");
  close_it();
  CAF_CHECK_EQUAL(must(redis.pipeline({{"GET", "k"}})).size(), 1u);
  wake_signal wake;
  close_it();
  CAF_CHECK(redis.call_interruptible({"BLPOP", "none", "0.01"},
                                     milliseconds{10}, wake));
  server.restart();
  CAF_CHECK_EQUAL(text(redis.call({"PING"})), "PONG");
}

CAF_TEST(a script is loaded again where Redis forgot it) {
  redis_connection redis{quick()};
  auto promote = [&] {
    return number_of(*must(redis.script("promote_job.lua", {"p:", "1", "x"})));
  };
  CAF_CHECK_EQUAL(promote(), -1);
  must(redis.call({"SCRIPT", "FLUSH"}));
  CAF_CHECK_EQUAL(promote(), -1);
  server.restart();
  CAF_CHECK_EQUAL(promote(), -1);
}

CAF_TEST(an unknown script is a mistake of ours) {
  redis_connection redis{quick()};
  auto why = refused(redis.script("no.lua", {}));
  CAF_CHECK(why.code == ec::internal);
  CAF_CHECK(has(why.context, "no.lua"));
}

CAF_TEST(a pipeline answers in order around an error) {
  redis_connection redis{quick()};
  auto replies = must(redis.pipeline(
    {{"SET", "k", "v"}, {"LPUSH", "k", "x"}, {"GET", "k"}, {"GET", "none"}}));
  CAF_REQUIRE_EQUAL(replies.size(), 4u);
  CAF_CHECK_EQUAL(text_of(*replies[0]), "OK");
  CAF_CHECK(!replies[1]);
  CAF_CHECK_EQUAL(text_of(*replies[2]), "v");
  CAF_CHECK_EQUAL(replies[3]->type, REDIS_REPLY_NIL);
  CAF_CHECK_EQUAL(text(redis.call({"PING"})), "PONG");
  CAF_CHECK(must(redis.pipeline({})).empty());
}

CAF_TEST(a pipeline that is refused as a whole is an error) {
  redis_connection redis{quick()};
  must(redis.call({"SET", "k", "v"}));
  auto why = refused(redis.pipeline({{"LPUSH", "k", "x"}, {"NOSUCH"}}));
  CAF_CHECK(why.code == ec::redis_refused);
  CAF_CHECK(has(why.context, "WRONGTYPE"));
}

CAF_TEST(a pipeline into a dead server is an error) {
  redis_connection redis{quick()};
  must(redis.call({"PING"}));
  server.kill();
  std::string large(1000000, 'x');
  std::vector<redis_command> commands(20, {"SET", "k", large});
  CAF_CHECK(refused(redis.pipeline(commands)).code == ec::redis_unavailable);
}

CAF_TEST(a large pipeline is no deadlock) {
  redis_connection redis{server.settings()};
  std::string large(1000000, 'x');
  must(redis.call({"SET", "k", large}));
  std::vector<redis_command> commands(100, {"GET", "k"});
  for (int i = 0; i < 20; ++i)
    commands.push_back({"SET", "k", large});
  CAF_CHECK_EQUAL(must(redis.pipeline(commands)).size(), 120u);
}

CAF_TEST_FIXTURE_SCOPE_END()
