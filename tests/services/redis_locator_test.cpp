#define CAF_SUITE redis_locator

#include "services/redis/connection.hpp"
#include "services/redis/master_watch.hpp"
#include "services/redis/redis_locator.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <csignal>
#include <thread>

using namespace darkroom;

namespace {

/// A real Sentinel that knows no other one. With `quorum` 2 it cannot replace
/// its master.
class lone_sentinel {
public:
  lone_sentinel(const redis_server& master, int quorum) {
    for (int i = 0; i < 10 && pid_ < 0; ++i)
      start(master, quorum);
    if (pid_ < 0)
      CAF_FAIL("no Sentinel starts: " << folder_.read("log"));
  }
  ~lone_sentinel() {
    test::end_child(pid_, SIGKILL);
  }
  lone_sentinel(const lone_sentinel&) = delete;

  std::string where() const {
    return "127.0.0.1:" + std::to_string(settings_.port);
  }

  /// What a failover would do.
  void point_to(const redis_server& master) {
    redis_connection own{settings_};
    must(own.call({"SENTINEL", "REMOVE", "queue"}));
    must(own.call({"SENTINEL", "MONITOR", "queue", "127.0.0.1",
                   std::to_string(master.port()), "1"}));
  }

private:
  void start(const redis_server& master, int quorum) {
    settings_.host = "127.0.0.1";
    settings_.port = test::free_port();
    folder_.write("conf", "port " + std::to_string(settings_.port)
                            + "\nbind 127.0.0.1\ndir " + folder_.path()
                            + "\nsentinel monitor queue 127.0.0.1 "
                            + std::to_string(master.port()) + " "
                            + std::to_string(quorum) + "\n");
    pid_ = test::launch({"redis-server", folder_ / "conf", "--sentinel"},
                        {folder_ / "log"});
    for (int tries = 0; tries < 1000 && !test::has_ended(pid_); ++tries) {
      redis_connection probe{settings_};
      if (probe.call({"PING"}))
        return;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    test::end_child(pid_, SIGKILL);
    pid_ = -1;
  }

  scratch_folder folder_;
  redis_settings settings_;
  pid_t pid_ = -1;
};

struct locator_fixture {
  redis_settings by(std::vector<std::string> sentinels) const {
    redis_settings out;
    out.port = 1; // counts for nothing
    out.sentinels = std::move(sentinels);
    out.sentinel_master = "queue";
    return out;
  }

  static std::string nobody() {
    return "127.0.0.1:" + std::to_string(test::free_port());
  }

  redis_server first;
  redis_server second;
};

uint64_t id_of(redis_connection& redis) {
  return static_cast<uint64_t>(number_of(*must(redis.call({"CLIENT", "ID"}))));
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(redis_locator_tests, locator_fixture)

CAF_TEST(without Sentinels the settings say it) {
  redis_locator locator{first.settings()};
  auto place = must(locator.find());
  CAF_CHECK_EQUAL(text_of(place), text_of(place.where));
  CAF_CHECK_EQUAL(place.where.port, first.port());
}

CAF_TEST(the first Sentinel with a quorum decides) {
  lone_sentinel alone{first, 2};
  lone_sentinel sure{second, 1};
  auto dead = nobody();
  redis_locator locator{by({dead, alone.where(), sure.where()})};
  auto place = must(locator.find());
  CAF_CHECK_EQUAL(place.where.port, second.port());
  CAF_CHECK_EQUAL(place.sentinel, sure.where());
  // Without a better one, the one without a quorum is believed.
  redis_locator doubtful{by({dead, alone.where()})};
  CAF_CHECK_EQUAL(must(doubtful.find()).where.port, first.port());
}

CAF_TEST(if no Sentinel says it the reasons of all are told) {
  lone_sentinel there{first, 1};
  auto settings = by({nobody(), there.where()});
  settings.sentinel_master = "mymaster";
  auto why = refused(redis_locator{settings}.find());
  CAF_CHECK(why.code == ec::redis_unavailable);
  CAF_CHECK(
    has(why.context, "Sentinel at " + settings.sentinels.front()
                       + " failed while connecting: Connection refused"));
  CAF_CHECK(has(why.context, there.where() + " knows no master 'mymaster'"));
  settings.sentinel_password = "word";
  why = refused(redis_locator{settings}.find());
  CAF_CHECK(has(why.context, "refuses: "));
  CAF_CHECK(!has(why.context, "'word'"));
}

CAF_TEST(a connection does not stay at what is no master) {
  lone_sentinel sentinel{first, 1};
  redis_connection admin{first.settings()};
  redis_connection redis{by({sentinel.where()})};
  must(redis.call({"SET", "k", "v"}));
  CAF_CHECK_EQUAL(redis.place().where.port, first.port());
  must(admin.call({"REPLICAOF", "127.0.0.1", "1"}));
  auto why = refused(redis.call({"SET", "k", "v"}));
  CAF_CHECK(why.code == ec::redis_unavailable);
  why = refused(redis.call({"GET", "k"})); // which a replica would answer
  CAF_CHECK(why.code == ec::redis_unavailable);
  CAF_CHECK(has(why.context, "is a replica"));
}

CAF_TEST(a script refused by a replica is no refusal of ours) {
  redis_connection admin{first.settings()};
  redis_connection redis{first.settings()};
  must(redis.prepare("take_lease.lua"));
  must(admin.call({"REPLICAOF", "127.0.0.1", "1"}));
  auto why
    = refused(redis.script("take_lease.lua", {"p:", "me", "1000", "0", ""}));
  CAF_CHECK(why.code == ec::redis_unavailable);
}

CAF_TEST(connections to a master that was replaced are broken) {
  lone_sentinel sentinel{first, 1};
  auto settings = by({sentinel.where()});
  redis_connection redis{settings};
  redis_connection other{second.settings()};
  must(redis.call({"PING"}));
  auto other_id = id_of(other);
  master_watch watch{settings};
  must(watch.look());
  sentinel.point_to(second);
  first.freeze(); // it does not notice, and closes nothing
  must(watch.look());
  must(redis.call({"SET", "k", "v"}));
  CAF_CHECK_EQUAL(redis.place().where.port, second.port());
  CAF_CHECK_EQUAL(id_of(other), other_id);
  must(watch.look());
  CAF_CHECK_EQUAL(id_of(other), other_id);
  first.thaw();
}

CAF_TEST_FIXTURE_SCOPE_END()
