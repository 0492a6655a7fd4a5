#define CAF_SUITE rank_fusion

#include "services/search/rank_fusion.hpp"
#include "tests/support/test.hpp"

#include <cmath>

using namespace darkroom;

CAF_TEST(what both lists have comes before the best of one) {
  auto hits = fuse_ranks({{"a", "b", "c"}, {"x", "b"}});
  CAF_REQUIRE_EQUAL(hits.size(), 4u);
  CAF_CHECK_EQUAL(hits[0].id, "b");
  CAF_CHECK(std::abs(hits[0].score - (1 / 62.0 + 1 / 62.0)) < 1e-12);
  CAF_CHECK((hits[0].ranks == std::vector<size_t>{2, 2}));
  CAF_CHECK_EQUAL(hits[3].id, "c");
  CAF_CHECK((hits[3].ranks == std::vector<size_t>{3, 0}));
}

CAF_TEST(equal scores come by id so that pages agree) {
  auto hits = fuse_ranks({{"z", "b"}, {"a", "y"}});
  std::string order;
  for (const auto& x : hits)
    order += x.id;
  CAF_CHECK_EQUAL(order, "azby");
}

CAF_TEST(one list keeps its order and none gives nothing) {
  auto hits = fuse_ranks({{"c", "a", "b"}, {}});
  CAF_REQUIRE_EQUAL(hits.size(), 3u);
  CAF_CHECK_EQUAL(hits[0].id, "c");
  CAF_CHECK_EQUAL(hits[2].id, "b");
  CAF_CHECK(fuse_ranks({}).empty());
}
