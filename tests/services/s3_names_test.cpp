/// Names and private files of pictures in a bucket; no request is sent.
#define CAF_SUITE s3_names

#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"
#include "services/storage/open_storage.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <unistd.h>

#include <filesystem>

using namespace darkroom;
using namespace darkroom::test;

namespace {

const attempt_stamp second{"a.b", 1700000000000, 2};
const std::string variant = "variants/cat/lg.webp";

std::unique_ptr<image_storage> bucket(const std::string& uploads = "none") {
  storage_settings where;
  where.kind = "s3";
  where.uploads = uploads;
  where.s3_endpoint = "http://127.0.0.1:1";
  where.s3_bucket = "pictures";
  where.s3_access_key = where.s3_secret_key = "k";
  return must(open_storage(where));
}

} // namespace

CAF_TEST(each attempt has names of its own) {
  auto name = attempt_name(variant, second);
  CAF_CHECK_EQUAL(name, "variants/cat/lg.1700000000000-2-a.b.webp");
  CAF_CHECK(is_attempt_name(name));
  CAF_CHECK(!is_staged(name));
  CAF_CHECK_EQUAL(without_attempt(name), variant);
  CAF_CHECK_EQUAL(without_attempt(variant), variant);
  for (const auto* other :
       {"variants/cat/lg.webp", "originals/a.1-1-7.webp",
        "variants/cat/.lg.webp.1-1-7.part", "variants/cat/a/lg.1-1-7.webp"})
    CAF_CHECK(!is_attempt_name(other));
}

CAF_TEST(a name tells whether its attempt came before another) {
  auto name = attempt_name(variant, second);
  auto later = second;
  CAF_CHECK(is_of_attempt(name, second) && is_of_attempt_up_to(name, second));
  later.attempt = 3;
  CAF_CHECK(!is_of_attempt(name, later) && is_of_attempt_up_to(name, later));
  later.attempt = 1;
  CAF_CHECK(!is_of_attempt_up_to(name, later));
  later = {"z", second.job_timestamp, 9}; // the fence knows neither as older
  CAF_CHECK(!is_of_attempt_up_to(name, later));
  ++later.job_timestamp;
  CAF_CHECK(is_of_attempt_up_to(name, later));
}

CAF_TEST(a key has one spelling and stays below the prefix) {
  auto storage = bucket();
  CAF_CHECK_EQUAL(must(storage->real_name("./a//b.jpg")), "a/b.jpg");
  for (const auto* bad : {"", "/etc/passwd", "a/../../b", "a/", "."})
    CAF_CHECK(refused(storage->check_name(bad)).code == ec::forbidden_path);
  CAF_CHECK(refused(storage->check_name(std::string("a\0b", 3))).code
            == ec::forbidden_path);
  CAF_CHECK(storage->check_name(std::string(900, 'a')));
  CAF_CHECK(refused(storage->check_name(std::string(901, 'a'))).code
            == ec::bad_input);
}

CAF_TEST(a link names the object and the method) {
  auto storage = bucket();
  auto get = must(storage->source_of("./a b.webp", false));
  CAF_CHECK_EQUAL(get.path, "");
  CAF_CHECK(get.url.starts_with("http://127.0.0.1:1/pictures/a%20b.webp?"));
  CAF_CHECK(has(get.url, "response-content-type=image%2Fwebp"));
  CAF_CHECK(get.url != must(storage->source_of("a b.webp", true)).url);
}

CAF_TEST(only main nodes make a folder) {
  scratch_folder folder;
  auto path = folder.file("aside");
  auto storage = bucket(path);
  CAF_CHECK(storage->check_writable());
  CAF_CHECK(!std::filesystem::exists(path));
  auto aside = must(storage->aside());
  CAF_CHECK_EQUAL(aside.root(), path);
}

CAF_TEST(a private file has no name on the disk and errors name the original) {
  auto file = must(original_file::make_private("cat.jpg"));
  CAF_REQUIRE_EQUAL(::write(file.descriptor(), "abc", 3), 3);
  CAF_CHECK_EQUAL(read_file(file.path()), "abc");
  auto why = file.named(fail(ec::bad_input, "'" + file.path() + "' is empty"));
  CAF_CHECK_EQUAL(why.context, "'cat.jpg' is empty");
  auto moved = std::move(file);
  CAF_CHECK_EQUAL(read_file(moved.path()), "abc");
}
