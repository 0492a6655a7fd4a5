#define CAF_SUITE folder_walk

#include "services/storage/folder_walk.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <filesystem>
#include <set>

using namespace darkroom;

namespace {

namespace fs = std::filesystem;

/// Descriptors of this process that show something below the folder.
size_t open_below(const std::string& folder) {
  size_t out = 0;
  std::error_code gone;
  for (const auto& x : fs::directory_iterator{"/proc/self/fd"}) {
    auto to = fs::read_symlink(x.path(), gone).string();
    out += !gone && to.starts_with(folder);
  }
  return out;
}

struct fixture {
  fixture() {
    for (auto name : {"originals", "variants/a", "variants/b", "variants/c"})
      fs::create_directories(fs::path{folder.path()} / name);
    for (auto name :
         {"originals/1.jpg", "originals/2.jpg", "originals/3.jpg",
          "variants/a/lg.webp", "variants/a/md.webp", "variants/a/sm.webp",
          "variants/b/lg.webp", "variants/c/lg.webp", "variants/c/md.webp"}) {
      folder.write(name, "x");
      all.insert(name);
    }
  }

  /// The names of a whole walk that takes so many at a time.
  std::multiset<std::string> walk(uint64_t most, bool rests) {
    std::multiset<std::string> out;
    folder_walk files{folder.path()};
    for (;;) {
      auto some = must(files.next(most));
      if (rests) {
        files.rest();
        CAF_CHECK_EQUAL(open_below(folder.path()), 0u);
      }
      if (some.empty())
        return out;
      for (const auto& x : some)
        out.insert(x.name);
    }
  }

  scratch_folder folder;
  std::multiset<std::string> all;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(folder_walk_tests, fixture)

CAF_TEST(a walk meets each file once however many it takes at a time) {
  for (uint64_t most : {1, 2, 3, 4, 100})
    CAF_CHECK(walk(most, false) == all);
}

CAF_TEST(a walk that rests holds no descriptor and goes on where it was) {
  for (uint64_t most : {1, 2, 3, 4, 100})
    CAF_CHECK(walk(most, true) == all);
}

CAF_TEST(a walk that ended begins anew also after a rest) {
  folder_walk files{folder.path()};
  CAF_CHECK_EQUAL(must(files.next(100)).size(), all.size());
  files.rest();
  CAF_CHECK(must(files.next(100)).empty());
  files.rest();
  CAF_CHECK_EQUAL(must(files.next(100)).size(), all.size());
}

CAF_TEST(a walk goes on where its folder was removed while it rested) {
  folder_walk files{folder.path()};
  std::set<std::string> seen;
  for (auto i = 0; i < 20; ++i) {
    for (const auto& x : must(files.next(1)))
      seen.insert(x.name);
    files.rest();
    if (i == 3)
      fs::remove_all(fs::path{folder.path()} / "variants/a");
  }
  CAF_CHECK(seen.count("variants/c/md.webp") == 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
