#define CAF_SUITE trial_memory

#include "services/process/trial_memory.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <chrono>
#include <filesystem>

using namespace darkroom;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

struct fixture {
  scratch_folder folder;
  trial_memory trial{"codec 1", folder.path()};

  fs::path file() const {
    return fs::directory_iterator {
      folder.path()
      } -> path();
  }
  void age(std::chrono::seconds by) const {
    fs::last_write_time(file(), fs::file_time_type::clock::now() - by);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trial_memory_tests, fixture)

CAF_TEST(an answer is known to other processes) {
  CAF_CHECK(!trial.get());
  trial.keep("first");
  trial.keep("second");
  trial_memory same{"codec 1", folder.path()}, other{"codec 2", folder.path()};
  CAF_CHECK_EQUAL(same.get().value_or(""), "second");
  CAF_CHECK(!other.get());
}

CAF_TEST(an answer is believed for ten minutes) {
  trial.keep("yes");
  age(590s);
  CAF_CHECK(trial.get());
  age(610s);
  CAF_CHECK(!trial.get());
  age(-10s);
  CAF_CHECK(!trial.get());
}

CAF_TEST(what is no file of this user is not believed) {
  trial.keep("yes");
  auto path = file();
  fs::rename(path, folder / "other");
  CAF_CHECK(!trial.get());
  fs::create_symlink(folder / "other", path);
  CAF_CHECK(!trial.get());
  trial.keep("no"); // in place of the link, not through it
  CAF_CHECK_EQUAL(trial.get().value_or(""), "no");
  CAF_CHECK_EQUAL(folder.read("other"), "yes");
  fs::remove(path);
  fs::create_directory(path);
  CAF_CHECK(!trial.get());
}

CAF_TEST(what cannot be kept is no error) {
  trial_memory lost{"codec 1", "/nonexistent"};
  lost.keep("yes");
  CAF_CHECK(!lost.get());
  trial.keep(std::string(501, 'x'));
  CAF_CHECK(!trial.get());
}

CAF_TEST_FIXTURE_SCOPE_END()
