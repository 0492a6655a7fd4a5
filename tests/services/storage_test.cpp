#define CAF_SUITE storage

#include "services/random/random_id.hpp"
#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"
#include "services/storage/stale_uploads.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

using namespace darkroom;
using namespace darkroom::test;

namespace fs = std::filesystem;
using names = std::vector<std::string>;

namespace {

struct storage_fixture {
  scratch_folder folder;
  local_storage storage = *local_storage::open(folder / "uploads");

  bool exists(const std::string& name) {
    return fs::exists(storage.root() + "/" + name);
  }

  std::string content(const std::string& name) {
    return read_file(storage.root() + "/" + name);
  }

  ec refusal(const std::string& name) {
    auto path = storage.resolve(name);
    return path ? ec::none : path.error().code;
  }
};

const attempt_stamp first{"7", 1700000000000, 1};
const attempt_stamp second{"7", 1700000000000, 2};

} // namespace

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

CAF_TEST(an upload appears whole when it is committed) {
  auto name = original_name("cat", "jpg");
  auto upload = storage.begin(name);
  CAF_REQUIRE(upload);
  CAF_CHECK(upload->append("mi"));
  CAF_CHECK(upload->append("au"));
  CAF_CHECK_EQUAL(upload->bytes(), 4u);
  CAF_CHECK(!exists(name));
  CAF_CHECK(upload->commit());
  CAF_CHECK_EQUAL(content(name), "miau");
}

CAF_TEST(an upload that is given up leaves nothing) {
  {
    auto upload = storage.begin("originals/cat.jpg");
    CAF_REQUIRE(upload);
    CAF_CHECK(upload->append("mi"));
  }
  CAF_CHECK(fs::is_empty(storage.root() + "/originals"));
}

CAF_TEST(a staged file is hidden until it is published) {
  auto staged = storage.stage("variants/a/sm.webp", first, "one");
  CAF_REQUIRE(staged);
  CAF_CHECK_EQUAL(staged->staged, "variants/a/.sm.webp.1700000000000-1-7.part");
  CAF_CHECK(!exists("variants/a/sm.webp"));
  CAF_CHECK(storage.publish(*staged));
  CAF_CHECK_EQUAL(content("variants/a/sm.webp"), "one");
  CAF_CHECK(!exists(staged->staged));
}

CAF_TEST(what is staged twice shares its bytes and nothing else) {
  auto one = storage.stage("variants/a/lg.webp", first, "one");
  CAF_REQUIRE(one);
  auto same = storage.stage_same("variants/a/sm.webp", first, *one);
  CAF_REQUIRE(same);
  CAF_CHECK(fs::equivalent(storage.root() + "/" + one->staged,
                           storage.root() + "/" + same->staged));
  CAF_CHECK(storage.stage_same("variants/a/sm.webp", first, *one)); // again
  CAF_CHECK(storage.publish(*one));
  CAF_CHECK(storage.publish(*same));
  CAF_CHECK_EQUAL(content("variants/a/sm.webp"), "one");
  fs::remove(storage.root() + "/variants/a/lg.webp");
  CAF_CHECK_EQUAL(content("variants/a/sm.webp"), "one");
  auto two = storage.stage("variants/a/lg.webp", second, "two");
  CAF_REQUIRE(two);
  CAF_CHECK(storage.publish(*two));
  CAF_CHECK_EQUAL(content("variants/a/sm.webp"), "one");
  CAF_CHECK_EQUAL(content("variants/a/lg.webp"), "two");
}

CAF_TEST(publishing twice is fine and publishing nothing is not ) {
  auto staged = storage.stage("variants/a/sm.webp", first, "one");
  CAF_REQUIRE(staged);
  CAF_CHECK(storage.publish(*staged));
  CAF_CHECK(storage.publish(*staged));
  auto lost = storage.publish({"variants/b/.x.part", "variants/b/x"});
  CAF_REQUIRE(!lost);
  CAF_CHECK_EQUAL(lost.error().code, ec::not_found);
}

CAF_TEST(a later attempt replaces what an earlier one published) {
  auto one = storage.stage("variants/a/sm.webp", first, "one");
  auto two = storage.stage("variants/a/sm.webp", second, "two");
  CAF_REQUIRE(one);
  CAF_REQUIRE(two);
  CAF_CHECK(storage.publish(*one));
  CAF_CHECK(storage.publish(*two));
  CAF_CHECK_EQUAL(content("variants/a/sm.webp"), "two");
}

CAF_TEST(an attempt that died half - way can stage again) {
  CAF_CHECK(storage.stage("variants/a/sm.webp", first, "half"));
  auto again = storage.stage("variants/a/sm.webp", first, "whole");
  CAF_REQUIRE(again);
  CAF_CHECK(storage.publish(*again));
  CAF_CHECK_EQUAL(content("variants/a/sm.webp"), "whole");
}

CAF_TEST(only staged files can be published or discarded) {
  write_file(storage.root() + "/keep.jpg", "dear");
  CAF_CHECK(!storage.publish({"keep.jpg", "other.jpg"}));
  CAF_CHECK(!storage.discard({"keep.jpg", ""}));
  CAF_CHECK(!storage.publish({"../.x.part", "other.jpg"}));
  CAF_CHECK_EQUAL(content("keep.jpg"), "dear");
}

CAF_TEST(removing up to an attempt leaves later ones) {
  attempt_stamp third{"7", first.job_timestamp, 3};
  attempt_stamp other{"17", first.job_timestamp, 1};
  attempt_stamp older{"5", first.job_timestamp - 1, 9};
  attempt_stamp newer{"9", first.job_timestamp + 1, 1};
  auto stage = [this](const attempt_stamp& stamp) {
    auto staged = storage.stage(variant_name("a", "sm", "webp"), stamp, "x");
    CAF_REQUIRE(staged);
    return staged->staged;
  };
  for (const auto& gone : {first, second, older}) {
    auto name = stage(gone);
    CAF_CHECK(storage.remove_up_to("a", second));
    CAF_CHECK(!exists(name));
  }
  for (const auto& kept : {third, other, newer}) {
    auto name = stage(kept);
    CAF_CHECK(storage.remove_up_to("a", second));
    CAF_CHECK(exists(name));
  }
  CAF_CHECK(storage.remove_up_to("nobody", second));
}

CAF_TEST(removing an attempt leaves the others and what is published) {
  auto one = storage.stage(variant_name("a", "sm", "webp"), first, "1");
  auto two = storage.stage(variant_name("a", "sm", "webp"), second, "2");
  auto done = storage.stage(variant_name("a", "md", "webp"), first, "3");
  CAF_REQUIRE(one);
  CAF_REQUIRE(two);
  CAF_REQUIRE(done);
  CAF_CHECK(storage.publish(*done));
  CAF_CHECK(storage.remove_attempt("a", first));
  CAF_CHECK(storage.remove_attempt("never seen", first));
  CAF_CHECK(!exists(one->staged));
  CAF_CHECK(exists(two->staged));
  CAF_CHECK(exists("variants/a/md.webp"));
  CAF_CHECK(storage.discard(*two));
  CAF_CHECK(!exists(two->staged));
}

CAF_TEST(eight threads may write one name and one of them wins) {
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'i'; ++c)
    threads.emplace_back([this, c] {
      auto upload = storage.begin("originals/cat.jpg");
      if (upload && upload->append(std::string(100000, c)))
        (void)upload->commit();
    });
  for (auto& thread : threads)
    thread.join();
  auto bytes = content("originals/cat.jpg");
  CAF_CHECK_EQUAL(bytes, std::string(100000, bytes.at(0)));
}

CAF_TEST(a root that cannot be made is named) {
  write_file(folder / "file", "x");
  auto bad = local_storage::open(folder / "file/uploads");
  CAF_REQUIRE(!bad);
  CAF_CHECK_EQUAL(bad.error().code, ec::storage_failed);
  CAF_CHECK(bad.error().context.find("[storage] uploads") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
