#define CAF_SUITE connection_greeting

#include "services/redis/connection.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

using namespace darkroom;

namespace {

std::string text(result<redis_reply> reply) {
  return std::string{text_of(*must(std::move(reply)))};
}

} // namespace

CAF_TEST(a password lets us in) {
  redis_server server({"--requirepass", "se cret"});
  auto settings = server.settings();
  redis_connection stranger{settings};
  auto why = refused(stranger.call({"GET", "k"}));
  CAF_CHECK(why.code == ec::redis_refused);
  CAF_CHECK(has(why.context, "NOAUTH"));
  settings.password = "se cret";
  redis_connection redis{settings};
  must(redis.call({"SET", "k", "v"}));
  settings.username = "default";
  redis_connection named{settings};
  CAF_CHECK_EQUAL(text(named.call({"GET", "k"})), "v");
}

CAF_TEST(a wrong password is refused each time and told without it) {
  redis_server server({"--requirepass", "right"});
  auto settings = server.settings();
  settings.password = "wrong-secret";
  redis_connection redis{settings};
  for (int i = 0; i < 2; ++i) {
    auto why = refused(redis.call({"PING"}));
    CAF_CHECK(why.code == ec::redis_refused);
    CAF_CHECK(has(why.context, "WRONGPASS"));
    CAF_CHECK(!has(why.context, "wrong-secret"));
  }
}

CAF_TEST(an ACL user comes in with its own password) {
  redis_server server;
  redis_connection admin{server.settings()};
  must(admin.call({"ACL", "SETUSER", "node", "on", ">pw", "~*", "+@all"}));
  auto settings = server.settings();
  settings.username = "node";
  settings.password = "pw";
  redis_connection redis{settings};
  CAF_CHECK_EQUAL(text(redis.call({"ACL", "WHOAMI"})), "node");
}

CAF_TEST(the database is selected after each connect) {
  redis_server server({"--save", "3600 1"});
  auto settings = server.settings();
  settings.database = 3;
  redis_connection redis{settings};
  must(redis.call({"SET", "k", "in 3"}));
  redis_connection first{server.settings()};
  CAF_CHECK_EQUAL(text(first.call({"GET", "k"})), "");
  redis.close();
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), "in 3");
  must(first.call({"SAVE"}));
  server.restart();
  (void)redis.call({"PING"}); // notices
  CAF_CHECK_EQUAL(text(redis.call({"GET", "k"})), "in 3");
}

CAF_TEST(a database that does not exist is refused) {
  redis_server server;
  auto settings = server.settings();
  settings.database = 99;
  redis_connection redis{settings};
  CAF_CHECK(refused(redis.call({"PING"})).code == ec::redis_refused);
}

CAF_TEST(the name is set again after a reconnect) {
  redis_server server;
  redis_connection redis{server.settings(), "bull:cQ==:w:node-1"};
  CAF_CHECK_EQUAL(text(redis.call({"CLIENT", "GETNAME"})),
                  "bull:cQ==:w:node-1");
  server.restart();
  (void)redis.call({"PING"}); // notices
  CAF_CHECK_EQUAL(text(redis.call({"CLIENT", "GETNAME"})),
                  "bull:cQ==:w:node-1");
  redis_connection unnamed{server.settings()};
  CAF_CHECK_EQUAL(text(unnamed.call({"CLIENT", "GETNAME"})), "");
}

CAF_TEST(a connection can be moved) {
  redis_server server;
  redis_connection redis{server.settings(), "name"};
  must(redis.ensure());
  auto moved = std::move(redis);
  CAF_CHECK_EQUAL(text(moved.call({"CLIENT", "GETNAME"})), "name");
}
