#define CAF_SUITE rough_rows

#include "services/vector/rough_rows.hpp"
#include "tests/support/must.hpp"

#include <cmath>
#include <random>
#include <vector>

using namespace darkroom;

namespace {

struct fixture {
  std::vector<float> unit(size_t dimensions) {
    std::vector<float> out(dimensions);
    double square = 0;
    for (auto& x : out) {
      x = normal(dice);
      square += double{x} * x;
    }
    for (auto& x : out)
      x = static_cast<float>(x / std::sqrt(square));
    return out;
  }

  std::mt19937 dice{11};
  std::normal_distribution<float> normal;
};

double product(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += double{a[i]} * b[i];
  return sum;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(rough_rows_tests, fixture)

CAF_TEST(a product is within its bounds and they are close) {
  for (size_t dimensions : {1, 2, 31, 384, 3072, 20000}) {
    rough_rows rows{dimensions};
    std::vector<std::vector<float>> all;
    for (size_t i = 0; i < 50; ++i) {
      all.push_back(unit(dimensions));
      rows.put(i, all.back().data());
    }
    for (auto round = 0; round < 5; ++round) {
      auto asked = unit(dimensions);
      auto query = rows.query_of(asked.data());
      for (size_t i = 0; i < all.size(); ++i) {
        auto [least, most] = rows.bounds(i, query);
        auto exact = product(all[i], asked);
        CAF_CHECK(least <= exact && exact <= most);
        CAF_CHECK(most - least < 0.08f);
      }
    }
  }
}

CAF_TEST(the same vector has a product of one at any length) {
  for (size_t dimensions : {1, 8, 512, 20000}) {
    rough_rows rows{dimensions};
    auto alike = std::vector<float>(
      dimensions, 1 / std::sqrt(static_cast<float>(dimensions)));
    rows.put(0, alike.data());
    auto [least, most] = rows.bounds(0, rows.query_of(alike.data()));
    CAF_CHECK(least <= 1 && 1 <= most && most < 1.01f);
  }
}

CAF_TEST(a row that is put again has the bounds of the new vector) {
  rough_rows rows{2};
  std::vector<float> east{1, 0}, north{0, 1};
  rows.put(3, east.data());
  rows.put(3, north.data());
  auto query = rows.query_of(east.data());
  CAF_CHECK(rows.bounds(3, query).most < 0.001f);
}

CAF_TEST_FIXTURE_SCOPE_END()
