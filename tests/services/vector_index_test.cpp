#define CAF_SUITE vector_index

#include "services/vector/vector_index.hpp"
#include "tests/support/must.hpp"

#include <cmath>

using namespace darkroom;

namespace {

struct fixture {
  std::vector<std::string> nearest(std::vector<float> to, size_t k) {
    std::vector<std::string> ids;
    for (auto& hit : must(index.search("m", to, k)))
      ids.push_back(hit.id);
    return ids;
  }

  vector_index index;
};

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(vector_index_tests, fixture)

CAF_TEST(hits come by cosine not by length) {
  must(index.upsert("east", "m", {100, 0}));
  must(index.upsert("north", "m", {0, 1}));
  must(index.upsert("west", "m", {-1, 0}));
  auto hits = must(index.search("m", {1, 0.5}, 10));
  CAF_REQUIRE_EQUAL(hits.size(), 3u);
  CAF_CHECK_EQUAL(hits[0].id, "east");
  CAF_CHECK(std::abs(hits[0].score - 2 / std::sqrt(5.0f)) < 1e-6f);
  CAF_CHECK_EQUAL(hits[2].id, "west");
  CAF_CHECK(nearest({1, 0}, 1) == names{"east"});
  CAF_CHECK(nearest({1, 0}, 0).empty());
}

CAF_TEST(equal hits come by id) {
  for (auto id : {"c", "a", "b"})
    must(index.upsert(id, "m", {1, 1}));
  CAF_CHECK((nearest({1, 1}, 2) == names{"a", "b"}));
}

CAF_TEST(vectors of different models never meet) {
  must(index.upsert("a", "m", {1, 0}));
  must(index.upsert("b", "other", {1, 0, 0}));
  CAF_CHECK(nearest({1, 0}, 5) == names{"a"});
  CAF_CHECK(must(index.search("unknown", {1, 0}, 5)).empty());
  must(index.upsert("a", "other", {0, 1, 0}));
  CAF_CHECK(nearest({1, 0}, 5).empty());
  CAF_CHECK_EQUAL(index.size(), 2u);
}

CAF_TEST(a replaced or removed vector is not found again) {
  for (auto i = 0; i < 200; ++i)
    must(index.upsert(std::to_string(i), "m",
                      {std::cos(i * 0.01f), std::sin(i * 0.01f)}));
  CAF_CHECK(nearest({1, 0}, 2) == (names{"0", "1"}));
  CAF_CHECK(index.remove("0"));
  CAF_CHECK(!index.remove("0"));
  must(index.upsert("1", "m", {-1, 0}));
  CAF_CHECK(nearest({1, 0}, 1) == names{"2"});
  CAF_CHECK(nearest({-1, 0}, 1) == names{"1"});
  CAF_CHECK_EQUAL(index.size(), 199u);
}

CAF_TEST(a vector that cannot be compared is refused) {
  must(index.upsert("a", "m", {1, 0}));
  CAF_CHECK(!index.upsert("b", "m", {1, 0, 0}));
  CAF_CHECK(!index.upsert("b", "m", {0, 0}));
  CAF_CHECK(!index.upsert("b", "m", {NAN, 0}));
  CAF_CHECK(!index.upsert("b", "new", {}));
  CAF_CHECK(!index.search("m", {1}, 1));
  CAF_CHECK_EQUAL(index.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
