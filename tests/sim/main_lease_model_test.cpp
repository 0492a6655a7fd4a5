// The lease of `darkroom sim` against the scripts on a real Redis, by a
// random history. A failure names its seed: run it again with
// DARKROOM_TEST_SEED=<seed>.
#define CAF_SUITE main_lease_model

#include "services/redis/main_lease.hpp"
#include "sim/main_lease_model.hpp"
#include "tests/support/queue_fixture.hpp"
#include "tests/support/test_seed.hpp"

#include <random>

using namespace darkroom;

namespace {

/// A main node: what it is in Redis, and what the model says that it holds.
struct taker {
  std::string text;
  main_lease real;
  uint64_t fence = 0;
};

struct main_lease_model_fixture : queue_fixture {
  uint32_t seed = test::first_seed();
  std::mt19937 random{seed};
  sim::main_lease_model model;
  std::string D = "darkroom:bull:q:";
  std::vector<taker> takers;

  main_lease_model_fixture() {
    for (const char* node : {"a", "b", "c"})
      takers.push_back(make(node));
  }

  taker make(const std::string& node) {
    // Of another machine: nobody can say that it is gone.
    lease_holder who{node, "", "boot-" + node, {"another machine", 1, "1"}};
    return {to_text(who),
            {test::shared_redis().settings(), settings, who,
             milliseconds{600000}}};
  }

  void run_out() {
    raw({"DEL", D + "main"});
    model.end = 0;
  }

  void take(taker& x) {
    auto real = must(x.real.take());
    auto wanted = model.take(x.text, 1, x.fence, 0);
    if (wanted.fence > 0)
      x.fence = wanted.fence;
    if (real.fence != wanted.fence || real.holder != wanted.holder)
      CAF_FAIL("DARKROOM_TEST_SEED=" << seed << ": fence " << real.fence
                                     << " instead of " << wanted.fence << ", "
                                     << real.holder << " instead of "
                                     << wanted.holder);
  }

  void release(taker& x) {
    if (auto done = x.real.release(); !done)
      CAF_FAIL(done.error().context);
    model.release(x.text, x.fence, 0);
  }

  void compare_fences() {
    for (uint64_t fence = 1; fence <= model.newest; ++fence)
      if (exists_own("fence:" + std::to_string(fence)) != model.is_valid(fence))
        CAF_FAIL("DARKROOM_TEST_SEED=" << seed << ": fence " << fence);
  }

  bool exists_own(const std::string& name) {
    return one({"EXISTS", D + name}) == "1";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(main_lease_model_tests, main_lease_model_fixture)

CAF_TEST(a random history of takers leaves the lease of the model) {
  CAF_MESSAGE("DARKROOM_TEST_SEED=" << seed);
  for (int step = 0; step < 2000; ++step) {
    if (random() % 6 == 0)
      run_out();
    auto& one = takers[random() % takers.size()];
    if (random() % 8 == 0) // a new process of the same name
      one = make(parse_lease_holder(one.text).node);
    if (random() % 8 == 0)
      release(one);
    else
      take(one);
    if (step % 50 == 0)
      compare_fences();
  }
  CAF_CHECK_GREATER(model.newest, 100u);
}

CAF_TEST_FIXTURE_SCOPE_END()
