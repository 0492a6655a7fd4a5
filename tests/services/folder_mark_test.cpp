#define CAF_SUITE folder_mark

#include "services/storage/folder_mark.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <thread>
#include <vector>

using namespace darkroom;

CAF_TEST(a folder is marked once and keeps its id) {
  scratch_folder folder;
  CAF_CHECK_EQUAL(must(read_folder_mark(folder.path())), "");
  auto id = must(mark_folder(folder.path()));
  CAF_CHECK(id.size() > 8);
  CAF_CHECK_EQUAL(must(mark_folder(folder.path())), id);
  CAF_CHECK_EQUAL(must(read_folder_mark(folder.path())), id);
}

CAF_TEST(two folders have two ids) {
  scratch_folder one;
  scratch_folder other;
  CAF_CHECK_NOT_EQUAL(must(mark_folder(one.path())),
                      must(mark_folder(other.path())));
}

CAF_TEST(of many that mark a folder at once all get one id) {
  scratch_folder folder;
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (auto& id : ids)
    threads.emplace_back([&id, &folder] {
      if (auto mark = mark_folder(folder.path()))
        id = *mark;
    });
  for (auto& x : threads)
    x.join();
  CAF_CHECK_EQUAL(std::set<std::string>(ids.begin(), ids.end()).size(), 1u);
  CAF_CHECK(!ids[0].empty());
  size_t files = 0;
  for ([[maybe_unused]] const auto& x :
       std::filesystem::directory_iterator{folder.path()})
    ++files;
  CAF_CHECK_EQUAL(files, 1u); // nothing else is left
}

CAF_TEST(a file that holds no id is refused and not trusted) {
  scratch_folder folder;
  for (const std::string& text :
       {std::string{}, std::string{"two\nlines"}, std::string(5000, 'x')}) {
    folder.write("darkroom.id", text);
    CAF_CHECK(has(refused(read_folder_mark(folder.path())).context,
                  "does not hold the id"));
    CAF_CHECK(!mark_folder(folder.path()));
  }
}

CAF_TEST(a folder that may not be written keeps its id or gets none) {
  scratch_folder folder;
  chmod(folder.path().c_str(), 0755);
  auto as_nobody = [](auto what) {
    auto root = geteuid() == 0; // root may write anything
    if (root)
      setfsuid(65534);
    auto out = what();
    if (root)
      setfsuid(0);
    return out;
  };
  if (geteuid() != 0)
    chmod(folder.path().c_str(), 0555);
  CAF_CHECK(!as_nobody([&] { return mark_folder(folder.path()); }));
  chmod(folder.path().c_str(), 0755);
  auto id = must(mark_folder(folder.path()));
  CAF_CHECK_EQUAL(must(as_nobody([&] { return mark_folder(folder.path()); })),
                  id);
}
