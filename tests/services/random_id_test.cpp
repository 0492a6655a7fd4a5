#define CAF_SUITE random_id

#include "services/random/random_id.hpp"
#include "tests/support/test.hpp"

#include <set>

using namespace darkroom;

CAF_TEST(an id is a random UUID) {
  for (int i = 0; i < 100; ++i) {
    auto id = random_id();
    CAF_REQUIRE_EQUAL(id.size(), 36u);
    for (size_t at = 0; at < id.size(); ++at)
      if (at == 8 || at == 13 || at == 18 || at == 23)
        CAF_REQUIRE_EQUAL(id[at], '-');
      else
        CAF_REQUIRE(std::string{"0123456789abcdef"}.find(id[at])
                    != std::string::npos);
    CAF_CHECK_EQUAL(id[14], '4');
    CAF_CHECK(std::string{"89ab"}.find(id[19]) != std::string::npos);
  }
}

CAF_TEST(ids are distinct) {
  std::set<std::string> all;
  for (int i = 0; i < 10000; ++i)
    all.insert(random_id());
  CAF_CHECK_EQUAL(all.size(), 10000u);
}
