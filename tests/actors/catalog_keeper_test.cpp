#define CAF_SUITE catalog_keeper

#include "tests/support/catalog_place.hpp"
#include "tests/support/live_system.hpp"

namespace {

using place = darkroom::sqlite_place;

} // namespace

#include "tests/actors/catalog_keeper_cases.hpp"

CAF_TEST_FIXTURE_SCOPE(catalog_keeper_file_tests, fixture)

CAF_TEST(a catalog that nobody uses makes no file) {
  live.end_all();
  CAF_CHECK(!fs::exists(database.database));
}

CAF_TEST(a database that cannot be opened fails the commit and is tried again) {
  live.end_all();
  database.database = folder.file("later/darkroom.db");
  test::write_file(folder.file("later"), "in the way");
  start();
  auto out = commit(rows(1, "a cat"));
  CAF_CHECK(out.status == commit_status::failed);
  CAF_CHECK(!out.reason.empty());
  fs::remove(folder.file("later"));
  fs::create_directories(folder.file("later"));
  CAF_CHECK(commit(rows(1, "a cat")).status == commit_status::stored);
}

CAF_TEST_FIXTURE_SCOPE_END()
