#define CAF_SUITE vector_index

#include "services/vector/vector_index.hpp"
#include "tests/support/must.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

using namespace darkroom;

namespace {

using names = std::vector<std::string>;

/// The cosine in double precision.
double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double product = 0;
  double a_square = 0;
  double b_square = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += double{a[i]} * b[i];
    a_square += double{a[i]} * a[i];
    b_square += double{b[i]} * b[i];
  }
  return product / std::sqrt(a_square * b_square);
}

struct fixture {
  names nearest(std::vector<float> to, size_t k) {
    names ids;
    for (auto& hit : must(index.search(to, k)))
      ids.push_back(hit.id);
    return ids;
  }

  std::vector<float> random_vector(size_t dimensions) {
    std::vector<float> out(dimensions);
    for (auto& x : out)
      x = normal(dice);
    return out;
  }

  /// Compares what an index of 1,000 vectors finds with the best cosines.
  /// Floats may swap those that differ in the last bits only.
  template <class Make, class Ask>
  void expect_plain_loop(Make make, Ask ask) {
    constexpr size_t k = 10;
    std::vector<std::vector<float>> all(1000);
    std::generate(all.begin(), all.end(), make);
    vector_index many{static_cast<uint32_t>(all[0].size())};
    for (size_t i = 0; i < all.size(); ++i)
      must(many.upsert(std::to_string(i), all[i]));
    for (auto round = 0; round < 20; ++round) {
      auto query = ask();
      std::vector<double> expected;
      for (auto& x : all)
        expected.push_back(cosine(x, query));
      std::sort(expected.begin(), expected.end(), std::greater<>{});
      auto hits = must(many.search(query, k));
      CAF_REQUIRE_EQUAL(hits.size(), k);
      for (size_t i = 0; i < k; ++i) {
        auto found = cosine(all[std::stoul(hits[i].id)], query);
        CAF_CHECK(std::abs(found - expected[i]) < 5e-7);
        CAF_CHECK(std::abs(hits[i].score - expected[i]) < 5e-6);
      }
    }
  }

  vector_index index{2};
  std::mt19937 dice{7};
  std::normal_distribution<float> normal;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(vector_index_tests, fixture)

CAF_TEST(hits come by cosine not by length) {
  must(index.upsert("east", {100, 0}));
  must(index.upsert("north", {0, 1}));
  must(index.upsert("west", {-1, 0}));
  auto hits = must(index.search({1, 0.5}, 10));
  CAF_REQUIRE_EQUAL(hits.size(), 3u);
  CAF_CHECK_EQUAL(hits[0].id, "east");
  CAF_CHECK(std::abs(hits[0].score - 2 / std::sqrt(5.0f)) < 1e-6f);
  CAF_CHECK_EQUAL(hits[2].id, "west");
  CAF_CHECK(nearest({1, 0}, 1) == names{"east"});
  CAF_CHECK(nearest({1, 0}, 0).empty());
}

CAF_TEST(equal hits come by id) {
  for (auto id : {"c", "a", "b"})
    must(index.upsert(id, {1, 1}));
  CAF_CHECK((nearest({1, 1}, 2) == names{"a", "b"}));
  CAF_CHECK((nearest({1, 1}, 3) == names{"a", "b", "c"}));
}

CAF_TEST(only vectors that the filter keeps are compared) {
  for (auto i = 0; i < 9; ++i)
    must(index.upsert(std::to_string(i), {1, static_cast<float>(i)}));
  auto hits
    = must(index.search({1, 0}, 2, [](const auto& id) { return id > "4"; }));
  CAF_REQUIRE_EQUAL(hits.size(), 2u);
  CAF_CHECK_EQUAL(hits[0].id, "5");
  CAF_CHECK_EQUAL(hits[1].id, "6");
}

CAF_TEST(a replaced or removed vector is not found again) {
  for (auto i = 0; i < 200; ++i)
    must(index.upsert(std::to_string(i),
                      {std::cos(i * 0.01f), std::sin(i * 0.01f)}));
  CAF_CHECK(nearest({1, 0}, 2) == (names{"0", "1"}));
  CAF_CHECK(index.remove("0"));
  CAF_CHECK(!index.remove("0"));
  CAF_CHECK(index.vector_of("0").empty());
  must(index.upsert("1", {-2, 0}));
  CAF_CHECK(nearest({1, 0}, 1) == names{"2"});
  CAF_CHECK(nearest({-1, 0}, 1) == names{"1"});
  CAF_CHECK((index.vector_of("1") == std::vector<float>{-1, 0}));
  CAF_CHECK_EQUAL(index.size(), 199u);
}

CAF_TEST(a vector that cannot be compared is refused) {
  must(index.upsert("a", {1, 0}));
  CAF_CHECK(!index.upsert("b", {1, 0, 0}));
  CAF_CHECK(!index.upsert("b", {0, 0}));
  CAF_CHECK(!index.upsert("b", {NAN, 0}));
  CAF_CHECK(!index.upsert("b", {}));
  CAF_CHECK(!index.search({1}, 1));
  CAF_CHECK_EQUAL(index.size(), 1u);
}

CAF_TEST(the nearest of many are those that a plain loop finds) {
  auto random = [this] {
    return random_vector(64);
  };
  expect_plain_loop(random, random);
}

CAF_TEST(twins are told apart that their copies in 8 bits do not tell apart) {
  auto one = random_vector(64);
  auto twin = [&] {
    auto out = random_vector(64);
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = one[i] + out[i] * 1e-3f;
    return out;
  };
  expect_plain_loop(twin, twin);
  expect_plain_loop(twin, [this] { return random_vector(64); });
}

CAF_TEST(one large number does not hide the small ones) {
  auto spiked = [this] {
    auto out = random_vector(300);
    out[0] += 500;
    return out;
  };
  expect_plain_loop(spiked, spiked);
}

CAF_TEST_FIXTURE_SCOPE_END()
