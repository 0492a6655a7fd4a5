/// The id by which main nodes that follow each other know each other.
#define CAF_SUITE cluster_id

#include "services/redis/cluster_id.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct id_fixture : queue_fixture {
  redis_settings server = test::shared_redis().settings();
  queue_settings queue_of = unlimited();

  std::string id() {
    return must(cluster_id(server, queue_of));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cluster_id_tests, id_fixture)

CAF_TEST(main nodes of one queue share an id that stays) {
  auto first = id();
  CAF_CHECK(first.size() > 8);
  CAF_CHECK_EQUAL(id(), first);
  CAF_CHECK_EQUAL(one({"GET", D + "cluster"}), first);
  CAF_CHECK_EQUAL(one({"TTL", D + "cluster"}), "-1");
  CAF_CHECK_EQUAL(raw({"KEYS", "*"}).size(), 1u);
}

CAF_TEST(another queue and another Redis at the same address have their own) {
  auto ours = id();
  queue_of.name = "other";
  CAF_CHECK_NOT_EQUAL(id(), ours);
  queue_of = unlimited();
  raw({"FLUSHALL"}); // as if another server had the address
  CAF_CHECK_NOT_EQUAL(id(), ours);
}

CAF_TEST(a key of another kind is told) {
  raw({"RPUSH", D + "cluster", "x"});
  CAF_CHECK(refused(cluster_id(server, queue_of)).code == ec::redis_refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
