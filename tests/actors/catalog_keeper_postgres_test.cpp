#define CAF_SUITE catalog_keeper_postgres

#include "tests/support/catalog_place.hpp"
#include "tests/support/live_system.hpp"

namespace {

using place = darkroom::postgres_place;

} // namespace

#include "tests/actors/catalog_keeper_cases.hpp"

CAF_TEST_FIXTURE_SCOPE(catalog_keeper_server_tests, fixture)

CAF_TEST(a catalog that is away decides nothing and is back by itself) {
  auto& server = test::shared_postgres();
  CAF_CHECK(commit(rows(1, "before")).status == commit_status::stored);
  server.kill();
  auto x = with_file(2, "two");
  for (int i = 0; i < 20; ++i) { // most of them while it waits to try again
    CAF_CHECK(is_away(x));
    CAF_CHECK(is_away(
      part_note{stamp(2), "cat", "cat.jpg", image_part::variants, "no"}));
  }
  // Nobody asked: a beginning that cannot be noted is no answer to anybody.
  live.self->send(keeper, part_note{stamp(2), "cat", "cat.jpg",
                                    image_part::variants, ""});
  server.start();
  while (is_away(x))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CAF_CHECK_EQUAL(stored(), "two");
  CAF_CHECK_EQUAL(description(), "two");
  CAF_CHECK(live.self->mailbox().empty());
}

CAF_TEST(a catalog that was away at the start serves once it is there) {
  auto& server = test::shared_postgres();
  live.end_all();
  server.kill();
  start();
  CAF_CHECK(is_away(rows(1, "a cat")));
  server.start();
  while (is_away(rows(1, "a cat")))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CAF_CHECK_EQUAL(description(), "a cat");
}

CAF_TEST_FIXTURE_SCOPE_END()
