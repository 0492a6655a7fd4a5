/// Names of stored files, and their removal.
#define CAF_SUITE storage

#include "services/random/random_id.hpp"
#include "services/storage/names.hpp"
#include "services/storage/stale_uploads.hpp"
#include "tests/support/storage_fixture.hpp"

#include <chrono>
#include <fstream>
#include <vector>

using namespace darkroom;
using namespace darkroom::test;

namespace fs = std::filesystem;
using names = std::vector<std::string>;

CAF_TEST_FIXTURE_SCOPE(storage_tests, storage_fixture)

CAF_TEST(a name inside the root becomes an absolute path) {
  auto path = storage.resolve("a/b.jpg");
  CAF_REQUIRE(path);
  CAF_CHECK_EQUAL(*path, storage.root() + "/a/b.jpg");
}

CAF_TEST(a name that leaves the root is refused) {
  for (std::string name :
       {"", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "./"})
    CAF_CHECK_EQUAL(refusal(name), ec::forbidden_path);
  CAF_CHECK_EQUAL(refusal(std::string{"a\0b", 3}), ec::forbidden_path);
}

CAF_TEST(a name that no file can have is bad input) {
  fs::create_symlink("loop", storage.root() + "/loop");
  CAF_CHECK_EQUAL(refusal(std::string(255, 'x')), ec::none);
  CAF_CHECK_EQUAL(refusal(std::string(256, 'x')), ec::bad_input);
  CAF_CHECK_EQUAL(refusal(std::string(256, 'x') + "/a.jpg"), ec::bad_input);
  CAF_CHECK_EQUAL(refusal("loop"), ec::bad_input);
  CAF_CHECK_EQUAL(refusal("loop/a.jpg"), ec::bad_input);
}

CAF_TEST(a removed image leaves no file) {
  std::string variant = "variants/a/sm.webp";
  CAF_REQUIRE(storage.stage(variant, first, "staged"));
  auto staged = storage.stage(variant, second, "done");
  CAF_REQUIRE(staged);
  CAF_REQUIRE(storage.publish(*staged));
  std::ofstream{storage.root() + "/a.jpg"} << "original";
  std::ofstream{storage.root() + "/b.jpg"} << "another";
  CAF_CHECK(storage.remove_image("a", {}));
  CAF_CHECK(!exists("variants/a"));
  CAF_CHECK(exists("a.jpg"));
  CAF_CHECK(storage.remove_image("a", {"a.jpg"}));
  CAF_CHECK(!exists("a.jpg"));
  CAF_CHECK(exists("b.jpg"));
  CAF_CHECK(storage.remove_image("a", {"a.jpg"})); // again: gone is gone
  CAF_CHECK(storage.remove_image("a", {"../outside"}));
}

CAF_TEST(of a removed image only originals and its own variants go) {
  for (std::string image : {"a", "b"}) {
    auto staged = storage.stage("variants/" + image + "/sm.webp", first, "sm");
    CAF_REQUIRE(staged);
    CAF_REQUIRE(storage.publish(*staged));
  }
  CAF_REQUIRE(storage.stage("variants/a/md.webp", second, "md"));
  std::ofstream{storage.root() + "/darkroom.id"} << "mark";
  fs::create_symlink("darkroom.id", storage.root() + "/link");
  CAF_CHECK(storage.remove_image(
    "a", {"./variants/b/sm.webp", "darkroom.id", "link", "variants"},
    {"variants/a/sm.webp"}));
  CAF_CHECK(exists("variants/a/sm.webp"));
  CAF_CHECK(exists("variants/b/sm.webp"));
  CAF_CHECK(exists("darkroom.id"));
  auto left = fs::directory_iterator{storage.root() + "/variants/a"};
  CAF_CHECK_EQUAL(std::distance(begin(left), end(left)), 1);
  CAF_CHECK(storage.remove_image("a", {}));
  CAF_CHECK(!exists("variants/a"));
}

CAF_TEST(only stale uploads of our own are removed) {
  auto uuid = random_id();
  auto aside = upload_name(original_name(uuid, "upload"));
  names all = {aside,
               original_name(uuid, "jpg"),
               "originals/.a.jpg.part",
               "originals/." + uuid + ".jpg.part",
               "originals/cat.part",
               upload_name(original_name("cat", "jpg")),
               upload_name("variants/a/sm.webp")};
  fs::create_directories(storage.root() + "/originals");
  fs::create_directories(storage.root() + "/variants/a");
  for (const auto& x : all)
    std::ofstream{storage.root() + '/' + x} << "x";
  auto now = std::chrono::system_clock::now().time_since_epoch()
             / std::chrono::milliseconds{1};
  CAF_CHECK_EQUAL(must(remove_stale_uploads(storage, now - 60000)), 0u);
  CAF_CHECK(exists(aside));
  CAF_CHECK_EQUAL(must(remove_stale_uploads(storage, now + 60000)), 1u);
  for (const auto& x : all)
    CAF_CHECK_EQUAL(exists(x), x != aside);
}

CAF_TEST(a file has one real name) {
  fs::create_directory(storage.root() + "/real");
  fs::create_directory_symlink("real", storage.root() + "/in");
  std::ofstream{storage.root() + "/real/a.jpg"} << "a";
  for (std::string name : {"real/a.jpg", "./real//a.jpg", "in/a.jpg"})
    CAF_CHECK_EQUAL(must(storage.real_name(name)), "real/a.jpg");
  CAF_CHECK(!storage.real_name("../a.jpg"));
}

CAF_TEST(a link that leads outside is refused and one inside is followed) {
  fs::create_directory_symlink("/", storage.root() + "/out");
  fs::create_directory(storage.root() + "/real");
  fs::create_directory_symlink("real", storage.root() + "/in");
  CAF_CHECK_EQUAL(refusal("out/etc/passwd"), ec::forbidden_path);
  auto inside = storage.resolve("in/a");
  CAF_REQUIRE(inside);
  CAF_CHECK_EQUAL(*inside, storage.root() + "/real/a");
}

CAF_TEST(an id that is no file name is replaced by its hash) {
  CAF_CHECK_EQUAL(variant_name("img_1.a-B", "sm", "webp"),
                  "variants/img_1.a-B/sm.webp");
  for (std::string id : {"", ".", "..", ".hidden", "../../etc", "a/b", "ä"}) {
    auto name = safe_name(id);
    CAF_CHECK_EQUAL(name.size(), 33u);
    CAF_CHECK_EQUAL(name.front(), '~');
  }
  CAF_CHECK_EQUAL(safe_name(std::string(100, 'a')), std::string(100, 'a'));
  CAF_CHECK_EQUAL(safe_name(std::string(101, 'a')).size(), 33u);
  CAF_CHECK_NOT_EQUAL(safe_name("a/b"), safe_name("a/c"));
}

CAF_TEST(a root that cannot be made is named) {
  write_file(folder / "file", "x");
  auto bad = local_storage::open(folder / "file/uploads");
  CAF_REQUIRE(!bad);
  CAF_CHECK_EQUAL(bad.error().code, ec::storage_failed);
  CAF_CHECK(bad.error().context.find("[storage] uploads") != std::string::npos);
}

CAF_TEST(a root that is a file is refused with the reason) {
  write_file(folder / "file", "x");
  auto bad = local_storage::open(folder / "file");
  CAF_REQUIRE(!bad);
  CAF_CHECK(bad.error().context.find("Not a directory") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
