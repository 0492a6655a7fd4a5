/// Files that are written, staged and published.
#define CAF_SUITE storage_stage

#include "services/random/random_id.hpp"
#include "services/storage/names.hpp"
#include "services/storage/stale_uploads.hpp"
#include "tests/support/storage_fixture.hpp"

#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

using namespace darkroom;
using namespace darkroom::test;

namespace fs = std::filesystem;
using names = std::vector<std::string>;

CAF_TEST_FIXTURE_SCOPE(storage_stage_tests, storage_fixture)

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

CAF_TEST(a file of another image is linked and outlives its first name) {
  auto one = storage.stage("variants/a/lg.webp", first, "one");
  CAF_REQUIRE(one && storage.publish(*one));
  auto known = storage.stage_known("variants/b/lg.webp", second,
                                   "variants/a/lg.webp", 3);
  CAF_REQUIRE(known);
  CAF_CHECK(storage.stage_known("variants/b/lg.webp", second,
                                "variants/a/lg.webp", 3)); // again
  CAF_CHECK(storage.publish(*known));
  CAF_CHECK(fs::equivalent(storage.root() + "/variants/a/lg.webp",
                           storage.root() + "/variants/b/lg.webp"));
  CAF_CHECK(storage.remove_image("a", {}));
  CAF_CHECK_EQUAL(content("variants/b/lg.webp"), "one");
}

CAF_TEST(a file that is another name of the final one leaves nothing staged) {
  auto one = storage.stage("variants/a/lg.webp", first, "one");
  CAF_REQUIRE(one && storage.publish(*one));
  auto own = storage.stage_known("variants/a/lg.webp", second,
                                 "variants/a/lg.webp", 3);
  CAF_REQUIRE(own);
  CAF_CHECK(storage.publish(*own));
  CAF_CHECK(!exists(own->staged));
  CAF_CHECK_EQUAL(content("variants/a/lg.webp"), "one");
}

CAF_TEST(only a whole published variant is linked) {
  auto staged = storage.stage("variants/a/lg.webp", first, "one");
  auto other = storage.stage("originals/a.webp", first, "one");
  CAF_REQUIRE(staged && other);
  CAF_CHECK(storage.publish(*other));
  auto is_linked = [&](const std::string& known, uint64_t bytes) {
    return bool{
      storage.stage_known("variants/b/lg.webp", second, known, bytes)};
  };
  CAF_CHECK(!is_linked(staged->staged, 3));
  CAF_CHECK(!is_linked("originals/a.webp", 3));
  CAF_CHECK(!is_linked("variants/a/../../originals/a.webp", 3));
  CAF_CHECK(!is_linked("variants/a/lg.webp", 3)); // it is not there yet
  CAF_CHECK(storage.publish(*staged));
  CAF_CHECK(!is_linked("variants/a/lg.webp", 4)); // of another size
  CAF_CHECK(!is_linked("variants/a", 3));
  fs::create_symlink(storage.root() + "/originals/a.webp",
                     storage.root() + "/variants/a/md.webp");
  CAF_CHECK(!is_linked("variants/a/md.webp", 3));
  CAF_CHECK(is_linked("variants/a/lg.webp", 3));
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

CAF_TEST(variants that an image no longer has are removed) {
  auto put = [this](const std::string& name, const attempt_stamp& stamp) {
    auto staged = storage.stage(name, stamp, "x");
    CAF_REQUIRE(staged);
    CAF_CHECK(storage.publish(*staged));
    return *staged;
  };
  auto large = put("variants/a/lg.webp", first);
  put("variants/a/sm.webp", first);
  put("variants/b/sm.webp", first);
  auto staged = storage.stage("variants/a/md.webp", second, "x");
  CAF_REQUIRE(staged);
  CAF_CHECK(storage.keep_only("a", {large}));
  CAF_CHECK(exists("variants/a/lg.webp"));
  CAF_CHECK(!exists("variants/a/sm.webp"));
  CAF_CHECK(exists("variants/b/sm.webp"));
  CAF_CHECK(exists(staged->staged));
  CAF_CHECK(storage.keep_only("nobody", {large}));
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

CAF_TEST_FIXTURE_SCOPE_END()
