#define CAF_SUITE id_ranges

#include "actors/id_ranges.hpp"
#include "tests/support/test.hpp"

#include <random>
#include <set>

using namespace darkroom;

CAF_TEST(a number is taken once) {
  id_ranges ids{10};
  CAF_CHECK(ids.insert(7));
  CAF_CHECK(!ids.insert(7));
  CAF_CHECK(!ids.contains(6));
  CAF_CHECK(ids.contains(7));
  CAF_CHECK(!ids.contains(8));
}

CAF_TEST(a number between two ranges joins them) {
  id_ranges ids{2};
  for (uint64_t x : {1, 3, 2, 5})
    CAF_CHECK(ids.insert(x));
  for (uint64_t x : {1, 2, 3, 5})
    CAF_CHECK(ids.contains(x));
  CAF_CHECK(!ids.contains(4));
}

CAF_TEST(the lowest range is forgotten where there are too many) {
  id_ranges ids{2};
  for (uint64_t x : {10, 20, 11, 30})
    ids.insert(x);
  CAF_CHECK(!ids.contains(10));
  CAF_CHECK(!ids.contains(11));
  CAF_CHECK(ids.contains(20));
  CAF_CHECK(ids.contains(30));
}

CAF_TEST(any order gives the same set) {
  std::mt19937 random{1};
  id_ranges ids{1000};
  std::set<uint64_t> known;
  for (int i = 0; i < 2000; ++i) {
    uint64_t number = random() % 500;
    CAF_REQUIRE_EQUAL(ids.insert(number), known.insert(number).second);
  }
}
