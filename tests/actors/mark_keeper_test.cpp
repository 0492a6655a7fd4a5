#define CAF_SUITE mark_keeper

#include "actors/mark_keeper.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/must.hpp"

#include <caf/actor_registry.hpp>

#include <future>
#include <thread>

using namespace darkroom;

namespace {

struct keeper_fixture : live_system {
  inbox<int> looks; ///< that have begun
  std::function<result<bool>()> answer = [] {
    return result<bool>{true};
  };
  std::function<void()> look = mark_keeper(sys, [this] {
    looks.put(1);
    return answer();
  });

  /// Looks until so many looks have begun.
  void look_for(size_t number) {
    while (looks.all().size() < number) {
      look();
      std::this_thread::yield();
    }
  }

  void wait_for_end() {
    sys.registry().await_running_count_equal(1); // `self`
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(mark_keeper_tests, keeper_fixture)

CAF_TEST(one looks at a time and what was mended is told once) {
  log_lines log;
  std::promise<void> may_end;
  auto end = may_end.get_future().share();
  answer = [end] {
    end.wait();
    return result<bool>{true};
  };
  look();
  looks.wait_for(1);
  for (int i = 0; i < 5; ++i)
    look();
  CAF_CHECK_EQUAL(looks.all().size(), 1u);
  may_end.set_value();
  look_for(3);
  wait_for_end();
  CAF_CHECK_EQUAL(log.count("is written again"), 1u);
}

CAF_TEST(a mark that is there is not told and one that cannot be written is) {
  log_lines log;
  answer = [] {
    return result<bool>{false};
  };
  look_for(1);
  wait_for_end();
  CAF_CHECK_EQUAL(log.count("mark"), 0u);
  answer = []() -> result<bool> {
    return fail(ec::storage_failed, "the disk is full");
  };
  look_for(3);
  wait_for_end();
  CAF_CHECK_EQUAL(log.count("written again: the disk is full"), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
