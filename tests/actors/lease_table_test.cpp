#define CAF_SUITE lease_table

#include "actors/lease_table.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_pool.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <random>

using namespace darkroom;

namespace {

struct fixture : actor_fixture {
  processor_pool_actor a = make_pool();
  processor_pool_actor b = make_pool();
  lease_table table;

  processor_pool_actor make_pool() {
    return ends(sys.spawn(fake_pool, std::make_shared<fake_pool_log>()));
  }

  lease& add(const std::string& id, const processor_pool_actor& pool,
             const std::string& token = "t") {
    lease x;
    x.work.id = id;
    x.work.token = token;
    x.pool = pool;
    return table.add(std::move(x));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(lease_table_tests, fixture)

CAF_TEST(an empty table has no slots and no freest pool) {
  CAF_CHECK_EQUAL(table.slots(), 0u);
  CAF_CHECK_EQUAL(table.free_slots(), 0u);
  CAF_CHECK(table.freest("echo", true) == nullptr);
}

CAF_TEST(the freest pool has most free slots and not most slots) {
  table.join(a, "n", 4);
  table.join(b, "n", 3);
  CAF_CHECK(table.freest("echo", true)->pool == a);
  add("1", a);
  add("2", a);
  CAF_CHECK(table.freest("echo", true)->pool == b);
  CAF_CHECK_EQUAL(table.slots(), 7u);
  CAF_CHECK_EQUAL(table.free_slots(), 5u);
}

CAF_TEST(a pool is full one slot before and not after its last one) {
  table.join(a, "n", 2);
  add("1", a);
  CAF_CHECK(table.freest("echo", true) != nullptr);
  add("2", a);
  CAF_CHECK(table.freest("echo", true) == nullptr);
  CAF_CHECK_EQUAL(table.free_slots(), 0u);
  table.erase(key_of("1", "t"));
  CAF_CHECK(table.freest("echo", true) != nullptr);
}

CAF_TEST(a job goes to a pool that runs such jobs) {
  table.join(a, "n", 1, {"sleep"});
  table.join(b, "n", 1, {"echo"});
  CAF_CHECK(table.freest("echo", true)->pool == b);
  CAF_CHECK(table.freest("sleep", true)->pool == a);
  add("1", b);
  CAF_CHECK(table.freest("echo", true)
            == nullptr); // and not one that would fail it
}

CAF_TEST(a pool that runs fewer jobs is taken before one that runs more) {
  table.join(a, "n", 9);
  table.join(b, "n", 1, {"echo", "sleep"});
  CAF_CHECK(table.freest("echo", true)->pool == b);
  CAF_CHECK(table.freest("flaky", true)->pool == a);
  add("1", b);
  CAF_CHECK(table.freest("echo", true)->pool == a);
}

CAF_TEST(a job that no pool runs may go to any) {
  table.join(a, "n", 1, {"sleep"});
  table.join(b, "n", 2, {"echo"});
  CAF_CHECK(table.freest("other", true)->pool == b);
  CAF_CHECK(table.freest("other", false) == nullptr);
  CAF_CHECK(!table.is_run("other"));
  CAF_CHECK(table.is_run("echo"));
}

CAF_TEST(a job has room where a slot for it is neither used nor reserved) {
  table.join(a, "n", 1, {"sleep"});
  table.join(b, "n", 1, {"echo"});
  CAF_CHECK(!table.has_room("other"));
  auto first = table.reserve(1);
  CAF_CHECK(!table.has_room("sleep"));
  CAF_CHECK(table.has_room("echo"));
  table.release(first);
  CAF_CHECK(table.has_room("sleep"));
  add("1", a);
  CAF_CHECK(!table.has_room("sleep"));
}

CAF_TEST(reserved slots are not free until they are released) {
  table.join(a, "n", 3, {"sleep"});
  table.join(b, "n", 2, {"echo"});
  auto first = table.reserve(4);
  CAF_CHECK_EQUAL(table.free_slots(), 1u);
  CAF_CHECK_EQUAL(table.reserved(), 4u);
  auto second = table.reserve(1);
  CAF_CHECK_EQUAL(table.free_slots(), 0u);
  table.release(first);
  CAF_CHECK_EQUAL(table.free_slots(), 4u);
  table.release(second);
  CAF_CHECK_EQUAL(table.reserved(), 0u);
}

CAF_TEST(a reservation has slots for what its pools run) {
  table.join(a, "n", 1, {"sleep"});
  table.join(b, "n", 1, {"echo"});
  auto one = table.reserve(1);
  CAF_CHECK(table.has_slot(one, "sleep"));
  CAF_CHECK(!table.has_slot(one, "echo"));
  CAF_CHECK(table.has_slot(table.reserve(1), "echo"));
}

CAF_TEST(no kind of pools is left out where few slots are wanted) {
  table.join(a, "n", 9, {"sleep"});
  table.join(b, "n", 9, {"echo"});
  std::vector<uint32_t> taken(2, 0);
  for (int i = 0; i < 4; ++i) {
    auto one = table.reserve(1);
    for (size_t k = 0; k < one.size(); ++k)
      taken[k] += one[k];
    table.release(one);
  }
  CAF_CHECK_EQUAL(taken[0], 2u);
  CAF_CHECK_EQUAL(taken[1], 2u);
}

CAF_TEST(the present handle of a pool that left is null) {
  table.join(a, "n", 1);
  CAF_CHECK(table.present(a.address()) == a);
  table.leave(a.address());
  CAF_CHECK(!table.present(a.address()));
}

CAF_TEST(a claim is told all kinds of pools and those of few jobs first) {
  table.join(a, "n", 3);
  table.join(b, "n", 2, {"sleep", "echo"});
  CAF_CHECK(!table.is_uniform());
  auto groups = table.groups(table.reserve(3));
  CAF_REQUIRE_EQUAL(groups.size(), 2u);
  CAF_CHECK_EQUAL(groups[0].job_types.size(), 2u);
  CAF_CHECK_EQUAL(groups[0].job_types[0], "echo"); // in one order for all
  CAF_CHECK(groups[1].job_types.empty());
  CAF_CHECK_EQUAL(groups[0].slots + groups[1].slots, 3u);
  table.leave(b.address());
  CAF_CHECK(table.is_uniform());
  CAF_CHECK_EQUAL(table.groups(table.reserve(1)).size(), 1u);
}

CAF_TEST(a slot is free once its outcome is here and stays so) {
  table.join(a, "n", 1);
  auto& held = add("1", a);
  table.free_slot(held);
  table.free_slot(held);
  CAF_CHECK_EQUAL(table.free_slots(), 1u);
  CAF_CHECK(table.find("1", "t") != nullptr);
  table.erase(key_of("1", "t"));
  CAF_CHECK_EQUAL(table.free_slots(), 1u);
  CAF_CHECK(table.find("1", "t") == nullptr);
}

CAF_TEST(two runs of one job are two leases) {
  table.join(a, "n", 2);
  add("1", a, "first");
  add("1", a, "second");
  table.erase(key_of("1", "first"));
  CAF_CHECK(table.find("1", "first") == nullptr);
  CAF_CHECK(table.find("1", "second") != nullptr);
}

CAF_TEST(a pool that joins again only changes its slots) {
  table.join(a, "n", 2);
  add("1", a);
  table.join(a, "n", 5);
  CAF_CHECK_EQUAL(table.slots(), 5u);
  CAF_CHECK_EQUAL(table.free_slots(), 4u);
  CAF_CHECK_EQUAL(table.pools().size(), 1u);
}

CAF_TEST(a pool that offers fewer slots than it uses is full and not negative) {
  table.join(a, "n", 2);
  table.join(b, "n", 1);
  add("1", a);
  add("2", a);
  table.join(a, "n", 0);
  CAF_CHECK_EQUAL(table.slots(), 1u);
  CAF_CHECK_EQUAL(table.free_slots(), 1u);
  CAF_CHECK(table.freest("echo", true)->pool == b);
}

CAF_TEST(a pool that leaves names the jobs that ran there) {
  table.join(a, "n", 3);
  table.join(b, "n", 3);
  add("1", a);
  add("2", b);
  table.free_slot(add("3", a));
  auto keys = table.leave(a.address());
  CAF_REQUIRE_EQUAL(keys.size(), 1u);
  CAF_CHECK_EQUAL(keys[0], key_of("1", "t"));
  CAF_CHECK_EQUAL(table.slots(), 3u);
  CAF_CHECK(table.find("1", "t") != nullptr);
  CAF_CHECK(table.leave(a.address()).empty());
}

CAF_TEST(a lease of a pool that left can be erased) {
  table.join(a, "n", 1);
  add("1", a);
  table.leave(a.address());
  table.erase(key_of("1", "t"));
  CAF_CHECK(table.all().empty());
  CAF_CHECK_EQUAL(table.free_slots(), 0u);
}

CAF_TEST(a node knows its pools) {
  table.join(a, "one", 1);
  table.join(b, "two", 1);
  CAF_REQUIRE_EQUAL(table.pools_of("two").size(), 1u);
  CAF_CHECK(table.pools_of("two")[0] == b.address());
  CAF_CHECK(table.pools_of("three").empty());
}

CAF_TEST(unknown leases are not found and not erased) {
  table.join(a, "n", 1);
  add("1", a);
  CAF_CHECK(table.find("1", "other") == nullptr);
  table.erase(key_of("1", "other"));
  CAF_CHECK_EQUAL(table.all().size(), 1u);
}

CAF_TEST(free slots are right after any sequence of steps) {
  std::mt19937 random{4};
  int broken = 0;
  table.join(a, "n", 6);
  table.join(b, "n", 4);
  for (int i = 0; i < 5000; ++i) {
    auto id = std::to_string(random() % 40);
    auto* held = table.find(id, "t");
    if (held == nullptr) {
      if (auto* pool = table.freest("echo", true))
        add(id, pool->pool);
    } else if (random() % 2 == 0) {
      table.free_slot(*held);
    } else {
      table.erase(key_of(id, "t"));
    }
    uint32_t holders = 0;
    for (const auto& [key, x] : table.all())
      holders += x.holds_slot;
    broken += table.free_slots() != 10 - holders;
    broken += (table.freest("echo", true) != nullptr)
              != (table.free_slots() > 0);
  }
  CAF_CHECK_EQUAL(broken, 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
