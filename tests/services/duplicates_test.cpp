#define CAF_SUITE duplicates

#include "services/search/duplicates.hpp"
#include "tests/support/test.hpp"

#include <bit>
#include <random>
#include <set>

using namespace darkroom;

namespace {

constexpr uint64_t usual = 0x0f0f0f0f0f0f0f0f;

hashed_image picture(const std::string& id, uint64_t hash,
                     uint32_t color = 0x808080) {
  return {id, hash, color};
}

/// "ab cde": the ids of the pictures of each group.
std::string grouped(const std::vector<hashed_image>& pictures,
                    uint32_t distance) {
  std::string out;
  for (const auto& group : find_duplicates(pictures, distance)) {
    out += out.empty() ? "" : " ";
    for (const auto& x : group)
      out += pictures[x.index].id;
  }
  return out;
}

} // namespace

CAF_TEST(pictures are duplicates up to the distance and not beyond it) {
  for (uint32_t distance = 0; distance <= longest_distance; ++distance) {
    auto near = usual ^ ((uint64_t{1} << distance) - 1);
    auto far = usual ^ ((uint64_t{2} << distance) - 1);
    CAF_CHECK_EQUAL(
      grouped({picture("a", usual), picture("b", near)}, distance), "ab");
    CAF_CHECK_EQUAL(grouped({picture("a", usual), picture("b", far)}, distance),
                    "");
  }
}

CAF_TEST(groups and their pictures keep the order they came in) {
  auto other = ~usual;
  auto groups = find_duplicates(
    {picture("a", usual), picture("b", other), picture("c", usual ^ 7),
     picture("d", other ^ 1), picture("e", 0x123456789abcdef0)},
    4);
  CAF_REQUIRE_EQUAL(groups.size(), 2u);
  CAF_CHECK_EQUAL(groups[0][0].index, 0u);
  CAF_CHECK_EQUAL(groups[0][1].index, 2u);
  CAF_CHECK_EQUAL(groups[0][1].distance, 3u);
  CAF_CHECK_EQUAL(groups[1][1].index, 3u);
}

CAF_TEST(a duplicate of a duplicate is in the group) {
  CAF_CHECK_EQUAL(grouped({picture("a", usual), picture("b", usual ^ 0xf00),
                           picture("c", usual ^ 0xf)},
                          4),
                  "abc");
}

CAF_TEST(plain pictures are duplicates only in one colour) {
  auto plain = uint64_t{1} << 63;
  CAF_CHECK_EQUAL(grouped({picture("a", plain, 0xff0000),
                           picture("b", plain, 0x0000ff),
                           picture("c", plain, 0xf00808)},
                          10),
                  "ac");
}

CAF_TEST(the groups of many are those that comparing all gives) {
  std::mt19937_64 dice{11};
  std::vector<hashed_image> pictures;
  for (auto i = 0; i < 400; ++i) {
    auto hash = dice();
    pictures.push_back(picture(std::to_string(i), hash));
    // Up to 14 bits away, some of them in the same place.
    for (auto flips = i % 15; flips > 0; --flips)
      hash ^= uint64_t{1} << (dice() % 64);
    pictures.push_back(picture(std::to_string(i) + "'", hash));
  }
  for (auto distance : {0u, 3u, 4u, 10u, 15u}) {
    std::set<size_t> expected;
    for (size_t a = 0; a < pictures.size(); ++a)
      for (size_t b = 0; b < pictures.size(); ++b)
        if (a != b
            && std::popcount(pictures[a].hash ^ pictures[b].hash)
                 <= static_cast<int>(distance))
          expected.insert(a);
    std::set<size_t> found;
    for (const auto& group : find_duplicates(pictures, distance))
      for (const auto& x : group)
        found.insert(x.index);
    CAF_CHECK(found == expected);
  }
}
