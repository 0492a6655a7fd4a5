#define CAF_SUITE queue_search

#include "services/redis/queue_admin.hpp"
#include "tests/support/admin_fixture.hpp"

#include <map>

using namespace darkroom;

namespace {

/// A job whose data name an image.
new_job about(const std::string& image) {
  auto x = admin_fixture::plain();
  x.data = R"({"imageId":")" + image + R"("})";
  return x;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_search_tests, admin_fixture)

CAF_TEST(jobs that have not ended are found by their data) {
  dead(about("cat"));
  auto running = started(about("cat")).id;
  auto waiting = add(about("cat"));
  auto slow = about("cat");
  slow.delay_ms = 1000;
  auto later = add(slow);
  auto urgent = about("cat");
  urgent.priority = 2;
  auto prioritized = add(urgent);
  add(about("dog"));
  std::map<std::string, bool> seen;
  for (const auto& x : must(admin.unfinished_with("cat")))
    seen[x.id] = x.is_active;
  CAF_CHECK(seen
            == (std::map<std::string, bool>{{running, true},
                                            {waiting, false},
                                            {later, false},
                                            {prioritized, false}}));
}

CAF_TEST(a job beyond a thousand others is found) {
  auto first = add(about("cat"));
  for (auto i = 0; i < 1000; ++i)
    add(about("dog"));
  auto found = must(admin.unfinished_with("cat"));
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK_EQUAL(found[0].id, first);
  CAF_CHECK_EQUAL(must(admin.unfinished_with("dog")).size(), 1000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
