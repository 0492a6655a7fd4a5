#define CAF_SUITE server_harm

#include "services/redis/server_harm.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct server_fixture {
  test::redis_server server;
  redis_settings settings = server.settings();
  redis_connection ours{settings};

  endpoint where() const {
    return {settings.host, settings.port};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_harm_tests, server_fixture)

CAF_TEST(all connections but ours are closed) {
  redis_connection other{settings};
  auto number = [](redis_connection& redis) {
    return number_of(*must(redis.call({"CLIENT", "ID"})));
  };
  auto its = number(other);
  auto own = number(ours);
  CAF_CHECK_EQUAL(must(kill_clients(ours)), 1u);
  CAF_CHECK(number(other) > its); // it has connected anew
  CAF_CHECK_EQUAL(number(ours), own);
}

CAF_TEST(writes wait for the end of a pause) {
  settings.command_timeout = 100ms;
  redis_connection other{settings};
  CAF_CHECK(pause_writes(ours, 10min));
  CAF_CHECK(other.call({"GET", "x"}));
  CAF_CHECK(!other.call({"SET", "x", "1"}));
  CAF_CHECK(resume_writes(ours));
  CAF_CHECK(other.call({"SET", "x", "1"}));
}

CAF_TEST(a server on this machine is found) {
  auto found = must(server_process(ours, where()));
  CAF_CHECK(!is_gone(found));
  CAF_CHECK_EQUAL(found.pid, server.pid());
}

CAF_TEST(a server that may be elsewhere is not taken for one of ours) {
  auto far = where();
  far.host = "redis.example";
  CAF_CHECK(refused(server_process(ours, far)).code == ec::not_found);
  auto forwarded = where();
  forwarded.port = test::free_port(); // INFO's number, on another port
  CAF_CHECK(refused(server_process(ours, forwarded)).code == ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
