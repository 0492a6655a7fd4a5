#define CAF_SUITE main_mark

#include "services/storage/main_mark.hpp"
#include "services/storage/names.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

using namespace darkroom;

namespace fs = std::filesystem;

namespace {

const std::string cluster = "a random id";

settings with_pictures_in(const scratch_folder& folder) {
  settings out;
  out.storage.uploads = folder.path();
  return out;
}

} // namespace

CAF_TEST(each main node that becomes active leaves a new mark) {
  scratch_folder folder;
  auto config = with_pictures_in(folder);
  auto first = must(leave_main_mark(config, cluster));
  CAF_CHECK(is_main_mark(first.name));
  CAF_CHECK_EQUAL(must(read_main_mark(config.storage, first.name)), first.id);
  scratch_folder copy;
  fs::copy(folder.path(), copy.path());
  auto second = must(leave_main_mark(config, cluster));
  CAF_CHECK_EQUAL(second.name, first.name);
  CAF_CHECK_NOT_EQUAL(second.id, first.id);
  CAF_CHECK_EQUAL(must(read_main_mark(config.storage, first.name)), second.id);
  CAF_CHECK_EQUAL(
    must(read_main_mark(with_pictures_in(copy).storage, first.name)), first.id);
}

CAF_TEST(clusters that share a folder have marks of their own) {
  scratch_folder folder;
  auto config = with_pictures_in(folder);
  auto ours = must(leave_main_mark(config, cluster));
  auto theirs = must(leave_main_mark(config, "another id"));
  CAF_CHECK_NOT_EQUAL(ours.name, theirs.name);
  CAF_CHECK_EQUAL(must(read_main_mark(config.storage, ours.name)), ours.id);
}

CAF_TEST(a mark that somebody changed or removed is written again) {
  scratch_folder folder;
  auto config = with_pictures_in(folder);
  auto mark = must(leave_main_mark(config, cluster));
  auto keep = [&] {
    auto is_written = must(keep_main_mark(config.storage, mark));
    CAF_CHECK_EQUAL(folder.read(mark.name), mark.id + '\n');
    return is_written;
  };
  CAF_CHECK(!keep());
  auto late = must(leave_main_mark(config, cluster)); // one that was replaced
  CAF_CHECK_NOT_EQUAL(late.id, mark.id);
  CAF_CHECK(keep());
  folder.write(mark.name, std::string(200, 'x') + "\n\n");
  CAF_CHECK(keep());
  fs::remove(folder / mark.name);
  CAF_CHECK(keep());
  CAF_CHECK(!keep());
}

CAF_TEST(a folder without a mark has none and one with another text is told) {
  scratch_folder folder;
  auto storage = with_pictures_in(folder).storage;
  auto name = main_mark_name("a");
  CAF_CHECK_EQUAL(must(read_main_mark(storage, name)), "");
  folder.write(name, "two\nlines");
  CAF_CHECK(has(refused(read_main_mark(storage, name)).context,
                name + "' does not hold the mark of a main node: remove it"));
}

CAF_TEST(a mark is never written through a link or into a pipe) {
  scratch_folder folder;
  auto config = with_pictures_in(folder);
  auto path = folder / must(leave_main_mark(config, cluster)).name;
  fs::remove(path);
  folder.write("cat.jpg", "picture");
  fs::create_symlink("cat.jpg", path);
  CAF_CHECK(!leave_main_mark(config, cluster));
  CAF_CHECK_EQUAL(folder.read("cat.jpg"), "picture");
  fs::remove(path);
  CAF_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0644), 0);
  auto refusal = [&] {
    return refused(leave_main_mark(config, cluster)).context;
  };
  CAF_CHECK(has(refusal(), "it is no plain file: remove it"));
  auto reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  CAF_CHECK(has(refusal(), "it is no plain file: remove it"));
  ::close(reader);
}

CAF_TEST(a bucket that does not answer costs at most a part of the lease) {
  loopback_listener silent;
  settings config;
  config.storage.kind = "s3";
  config.storage.s3_endpoint = "http://127.0.0.1:"
                               + std::to_string(silent.port());
  config.storage.s3_bucket = "pictures";
  config.cluster.lease = std::chrono::milliseconds{300};
  CAF_CHECK(has(refused(leave_main_mark(config, cluster)).context,
                "no whole answer within 100 ms"));
}

CAF_TEST(marks are no originals) {
  CAF_CHECK(is_ours(main_mark_name("a")));
  CAF_CHECK(is_ours(folder_mark_name));
  for (const auto* name : {"darkroom.main.jpg", "darkroom.main", "cat.jpg",
                           "darkroom.main.0123456789abcdeX"})
    CAF_CHECK(!is_ours(name));
}
