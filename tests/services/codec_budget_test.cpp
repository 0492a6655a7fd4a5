#define CAF_SUITE codec_budget

#include "services/codec/codec_budget.hpp"
#include "tests/support/test.hpp"

#include <poll.h>

#include <optional>
#include <random>

using namespace darkroom;

namespace {

using share = codec_budget::share;

std::shared_ptr<codec_budget> budget(uint32_t cores, uint64_t memory = 0) {
  return std::make_shared<codec_budget>(codec_capacity{cores, memory});
}

bool is_told(share& x) {
  pollfd ready{x.ready_fd(), POLLIN, 0};
  auto told = ::poll(&ready, 1, 0) == 1;
  x.clear();
  return told;
}

} // namespace

CAF_TEST(no more cores are given than there are) {
  auto all = budget(2);
  share one{all};
  share two{all};
  one.want_cores(1);
  two.want_cores(4);
  CAF_CHECK_EQUAL(one.cores(), 1u);
  CAF_CHECK_EQUAL(two.cores(), 1u);
  one.give_back_cores(1);
  CAF_CHECK_EQUAL(two.cores(), 2u);
}

CAF_TEST(the oldest picture comes first) {
  auto all = budget(1);
  share first{all};
  share second{all};
  share third{all};
  first.want_cores(1);
  third.want_cores(1);
  second.want_cores(1);
  first.want_cores(1); // and one more
  first.give_back_cores(1);
  CAF_CHECK_EQUAL(first.cores(), 1u);
  first.give_back_cores(1);
  CAF_CHECK_EQUAL(second.cores(), 1u);
  second.give_back_cores(1);
  CAF_CHECK_EQUAL(third.cores(), 1u);
}

CAF_TEST(what an older picture does not want goes to the next one) {
  auto all = budget(2);
  share first{all};
  share second{all};
  first.want_cores(2);
  second.want_cores(2);
  CAF_CHECK_EQUAL(second.cores(), 0u);
  first.give_back_cores(1);
  CAF_CHECK_EQUAL(second.cores(), 1u);
}

CAF_TEST(a new wish replaces the one before) {
  auto all = budget(1);
  share first{all};
  share second{all};
  first.want_cores(1);
  second.want_cores(1);
  second.want_cores(0);
  first.give_back_cores(1);
  CAF_CHECK_EQUAL(second.cores(), 0u);
}

CAF_TEST(a picture knows whether another one waits) {
  auto all = budget(2);
  share first{all};
  share second{all};
  first.want_cores(2);
  CAF_CHECK(!first.is_contended());
  second.want_cores(1);
  CAF_CHECK(first.is_contended());
  CAF_CHECK(!second.is_contended());
  first.give_back_cores(2);
  CAF_CHECK(!first.is_contended());
}

CAF_TEST(a picture that ends gives everything back) {
  auto all = budget(2, 100);
  std::optional<share> first{all};
  share second{all};
  first->want_memory(80);
  first->want_cores(2);
  second.want_memory(50);
  second.want_cores(1);
  CAF_CHECK(!second.has_memory());
  first.reset();
  CAF_CHECK(second.has_memory());
  CAF_CHECK_EQUAL(second.cores(), 1u);
}

CAF_TEST(memory waits in the order of age) {
  auto all = budget(1, 100);
  share first{all};
  std::optional<share> second{all};
  share third{all};
  first.want_memory(60);
  second->want_memory(60);
  third.want_memory(20); // would fit, but the second one waits
  CAF_CHECK(first.has_memory());
  CAF_CHECK(!second->has_memory());
  CAF_CHECK(!third.has_memory());
  second.reset();
  CAF_CHECK(third.has_memory());
}

CAF_TEST(a picture that needs more than all gets it when it is alone) {
  auto all = budget(1, 100);
  std::optional<share> small{all};
  share huge{all};
  small->want_memory(10);
  huge.want_memory(1000);
  CAF_CHECK(!huge.has_memory());
  small.reset();
  CAF_CHECK(huge.has_memory());
}

CAF_TEST(who gets something is told once) {
  auto all = budget(1);
  share first{all};
  share second{all};
  first.want_cores(1);
  CAF_CHECK(is_told(first));
  CAF_CHECK(!is_told(first));
  second.want_cores(1);
  CAF_CHECK(!is_told(second));
  first.give_back_cores(1);
  CAF_CHECK(is_told(second));
  CAF_CHECK(!is_told(first));
}

CAF_TEST(in any order no core is lost and none is invented) {
  std::mt19937 random{7};
  auto any = [&](uint32_t n) {
    return static_cast<uint32_t>(random() % n);
  };
  for (int round = 0; round < 200; ++round) {
    auto cores = 1 + any(4);
    auto all = budget(cores, 100);
    std::vector<std::unique_ptr<share>> shares;
    for (int step = 0; step < 100; ++step) {
      if (shares.size() < 6 && any(3) == 0) {
        shares.push_back(std::make_unique<share>(all));
        shares.back()->want_memory(1 + any(150));
      } else if (!shares.empty()) {
        auto at = any(static_cast<uint32_t>(shares.size()));
        auto& one = *shares[at];
        if (any(5) == 0)
          shares.erase(shares.begin() + at);
        else if (any(2) == 0 && one.cores() > 0)
          one.give_back_cores(1);
        else
          one.want_cores(any(4));
      }
      uint32_t used = 0;
      for (auto& x : shares)
        used += x->cores();
      CAF_REQUIRE(used <= cores);
    }
    shares.clear();
    share last{all};
    last.want_memory(100);
    last.want_cores(cores);
    CAF_REQUIRE(last.has_memory());
    CAF_REQUIRE_EQUAL(last.cores(), cores);
  }
}
