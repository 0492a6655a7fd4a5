#define CAF_SUITE whole_file

#include "services/storage/whole_file.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <filesystem>

using namespace darkroom;
using namespace darkroom::test;

namespace {

struct whole_file_fixture {
  scratch_folder folder;
  std::string path = folder / "cat-lg.webp";

  size_t count() const {
    return static_cast<size_t>(
      std::distance(std::filesystem::directory_iterator{folder.path()},
                    std::filesystem::directory_iterator{}));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(whole_file_tests, whole_file_fixture)

CAF_TEST(a file is written whole and nothing is left beside it) {
  std::string bytes(300000, 'x');
  CAF_REQUIRE(write_whole_file(path, bytes, older_file::stays));
  CAF_CHECK(read_file(path) == bytes);
  CAF_CHECK_EQUAL(count(), 1u);
}

CAF_TEST(an older file stays unless it may be replaced) {
  write_file(path, "old");
  auto kept = write_whole_file(path, "new", older_file::stays);
  CAF_REQUIRE(!kept);
  CAF_CHECK_EQUAL(kept.error().code, ec::conflict);
  CAF_CHECK_EQUAL(read_file(path), "old");
  CAF_REQUIRE(write_whole_file(path, "new", older_file::is_replaced));
  CAF_CHECK_EQUAL(read_file(path), "new");
  CAF_CHECK_EQUAL(count(), 1u);
}

CAF_TEST(a file that cannot be written leaves nothing) {
  auto lost = write_whole_file(folder / "missing/a.webp", "x",
                               older_file::is_replaced);
  CAF_REQUIRE(!lost);
  CAF_CHECK_EQUAL(lost.error().code, ec::storage_failed);
  std::filesystem::create_directory(path);
  CAF_CHECK(!write_whole_file(path, "x", older_file::is_replaced));
  CAF_CHECK(!write_whole_file(path, "x", older_file::stays));
  CAF_CHECK_EQUAL(count(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
