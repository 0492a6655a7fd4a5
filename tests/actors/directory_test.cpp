#define CAF_SUITE directory

#include "actors/directory.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/event_based_actor.hpp>

using namespace darkroom;

namespace {

struct fixture : actor_fixture {
  directory roles;

  caf::strong_actor_ptr spawn() {
    auto idle = [](caf::event_based_actor*) -> caf::behavior {
      return {[](int) {
      }};
    };
    return caf::actor_cast<caf::strong_actor_ptr>(ends(sys.spawn(idle)));
  }

  ~fixture() override {
    roles.set(role::catalog, nullptr);
    end_all();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(directory_tests, fixture)

CAF_TEST(a role is empty until it is set) {
  CAF_CHECK(!roles.find_any(role::catalog));
  auto one = spawn();
  roles.set(role::catalog, one);
  CAF_CHECK(roles.find_any(role::catalog) == one);
  CAF_CHECK(!roles.find_any(role::notifier));
}

CAF_TEST(an actor that ended is not found) {
  auto one = spawn();
  roles.set(role::catalog, one);
  kill(one);
  CAF_CHECK(!roles.find_any(role::catalog));
  auto successor = spawn();
  roles.set(role::catalog, successor);
  CAF_CHECK(roles.find_any(role::catalog) == successor);
}

CAF_TEST_FIXTURE_SCOPE_END()
