/// Ids that name another key of the queue are no jobs.
#define CAF_SUITE foreign_key

#include "services/redis/queue_admin.hpp"
#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

namespace {

/// A queue with a key of each kind under its prefix.
struct foreign_fixture : admin_fixture {
  foreign_fixture() {
    add(plain());
    add(delayed(90));
    auto ended = dead();
    raw({"RPUSH", P + ended + ":logs", "one"});
    raw({"HSET", P + "repeat:nightly", "name", "echo", "ic", "1", "every",
         "1000"});
    raw({"ZADD", P + "repeat", "5", "nightly"});
    raw({"HSET", P + "metrics:completed", "count", "1"});
    raw({"HSET", P + ended + ":processed", P + "x", "1"});
    names = {"meta",
             "wait",
             "events",
             "delayed",
             "failed",
             "id",
             "repeat",
             "repeat:nightly",
             "metrics:completed",
             ended + ":logs",
             ended + ":processed",
             "nothing",
             ""};
  }

  /// Every key of the queue with its content.
  std::vector<std::string> content() {
    auto keys = raw({"KEYS", P + "*"});
    std::sort(keys.begin(), keys.end());
    for (auto& key : keys)
      key += one({"DUMP", key});
    return keys;
  }

  strings names;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(foreign_key_tests, foreign_fixture)

CAF_TEST(a key of the queue is no job for whoever looks) {
  for (const auto& name : names) {
    CAF_MESSAGE(name);
    CAF_CHECK(refused(admin.find(name)).code == ec::not_found);
    CAF_CHECK(refused(admin.logs(name)).code == ec::not_found);
    CAF_CHECK_EQUAL(must(queue.explain(name, now)), "");
  }
  CAF_CHECK(!must(queue.explain("1", now)).empty());
}

CAF_TEST(a key of the queue is no job for whoever acts) {
  auto before = content();
  for (const auto& name : names) {
    CAF_MESSAGE(name);
    CAF_CHECK(refused(admin.retry(name, true, now)).code == ec::not_found);
    CAF_CHECK(refused(admin.promote(name, now)).code == ec::not_found);
    CAF_CHECK(refused(admin.remove(name, now)).code == ec::not_found);
    CAF_CHECK(refused(admin.cancel(name, now)).code == ec::not_found);
  }
  CAF_CHECK_EQUAL(content(), before);
}

CAF_TEST(a key of the queue that was pushed into a list stays) {
  raw({"RPUSH", P + "wait", "meta"});
  raw({"ZADD", P + "failed", "1", "repeat:nightly"});
  raw({"ZADD", P + "delayed", "1", "metrics:completed"});
  must(admin.drain(true, now));
  must(admin.clean({"failed", 0, 0}, now));
  CAF_CHECK(exists("meta"));
  CAF_CHECK(exists("repeat:nightly"));
  CAF_CHECK(exists("metrics:completed"));
  CAF_CHECK(list("wait").empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
