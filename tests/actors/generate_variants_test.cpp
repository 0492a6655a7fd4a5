#define CAF_SUITE generate_variants

#include "actors/jobs/generate_variants.hpp"
#include "tests/support/fake_job_tools.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

struct fixture : job_fixture {
  fixture() : job_fixture("generate-variants") {
    for (const char* size : {"lg", "md", "sm"})
      for (const char* format : {"webp", "avif"})
        codec->encoded.push_back(
          {size, format, 40, 30, std::string{size} + format});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(generate_variants_tests, fixture)

CAF_TEST(a picture becomes six files that wait for their commit) {
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(out.value,
                  R"({"imageId":"cat","success":true,"variants":6})");
  CAF_CHECK_EQUAL(codec->paths,
                  std::vector<std::string>{"/uploads/pets/cat.jpg"});
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  const auto& rows = out.commit[0];
  CAF_CHECK_EQUAL(rows.image_id, "cat");
  CAF_CHECK_EQUAL(rows.file_path, "pets/cat.jpg");
  CAF_REQUIRE_EQUAL(rows.variants.size(), 6u);
  CAF_CHECK_EQUAL(rows.variants[0].width, 40u);
  CAF_CHECK_EQUAL(rows.files.size(), 6u);
  CAF_CHECK_EQUAL(rows.files[0].final_name, files->staged[0]);
  CAF_CHECK_EQUAL(files->staged.size(), 6u);
  CAF_CHECK_EQUAL(files->removals, 0);
  CAF_CHECK(out.chained.empty());
}

CAF_TEST(files are staged under the names of this attempt) {
  run();
  CAF_REQUIRE_EQUAL(files->stamps.size(), 6u);
  for (const auto& x : files->stamps) {
    CAF_CHECK_EQUAL(x.job_id, "7");
    CAF_CHECK_EQUAL(x.job_timestamp, 77);
    CAF_CHECK_EQUAL(x.attempt, 2u);
  }
}

CAF_TEST(progress is told in three steps) {
  run();
  CAF_CHECK_EQUAL(progress, (std::vector<std::string>{"10", "60", "100"}));
}

CAF_TEST(a file that is the same as one before is a link to it) {
  codec->encoded[4].bytes = codec->encoded[2].bytes; // sm and md as WebP
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_REQUIRE_EQUAL(files->links.size(), 1u);
  CAF_CHECK_EQUAL(files->links[0], files->staged[4]);
}

CAF_TEST(the same bytes in another format are no link) {
  codec->encoded[3].bytes = codec->encoded[2].bytes; // md as AVIF and WebP
  run();
  CAF_CHECK(files->links.empty());
}

CAF_TEST(without links the same bytes are written twice) {
  codec->encoded[4].bytes = codec->encoded[2].bytes;
  files->has_links = false;
  CAF_CHECK(run().kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(files->staged.size(), 6u);
}

CAF_TEST(a picture that can never be decoded fails for good) {
  for (auto code : {ec::bad_input, ec::too_large}) {
    auto out = run_with_codec_error(code);
    CAF_CHECK(out.kind == outcome_kind::refused);
    CAF_CHECK_EQUAL(out.reason, "the codec says why");
    CAF_CHECK(!out.codec_died);
  }
  CAF_CHECK(files->staged.empty());
}

CAF_TEST(a codec that dies is counted and the job tried again) {
  for (auto code : {ec::codec_crashed, ec::codec_timeout}) {
    auto out = run_with_codec_error(code);
    CAF_CHECK(out.kind == outcome_kind::failed);
    CAF_CHECK(out.codec_died);
  }
}

CAF_TEST(a file that cannot be read now is tried again) {
  for (auto code : {ec::storage_failed, ec::cut_off, ec::timed_out}) {
    auto out = run_with_codec_error(code);
    CAF_CHECK(out.kind == outcome_kind::failed);
    CAF_CHECK(!out.codec_died);
  }
}

CAF_TEST(a full disk fails the job and leaves no staged file) {
  for (size_t room : {0, 1, 5}) {
    files->room = room;
    auto out = run();
    CAF_CHECK(out.kind == outcome_kind::failed);
    CAF_CHECK(out.commit.empty());
    CAF_CHECK(files->staged.empty());
    CAF_CHECK(out.reason.find("no space") != std::string::npos);
    CAF_CHECK(out.reason.find("/uploads") == std::string::npos);
  }
  CAF_CHECK_EQUAL(files->removals, 3);
}

CAF_TEST(a job that is stopped kills the codec and is returned) {
  auto out = run_and_cancel();
  CAF_CHECK_EQUAL(codec->cancels, 1);
  CAF_CHECK(out.kind == outcome_kind::returned);
  CAF_CHECK(!out.codec_died);
  CAF_CHECK(files->staged.empty());
}

CAF_TEST(a job that has ended does not kill the codec of the next one) {
  run();
  control.cancel();
  CAF_CHECK_EQUAL(codec->cancels, 0);
}

CAF_TEST(data that names no picture fails for good before the codec works) {
  for (const char* data :
       {"", "[]", "{}", R"({"imageId":"cat"})", R"({"filePath":"cat.jpg"})",
        R"({"imageId":7,"filePath":"cat.jpg"})",
        R"({"imageId":"cat","filePath":"../cat.jpg"})"}) {
    work.data = data;
    CAF_CHECK(run().kind == outcome_kind::refused);
  }
  CAF_CHECK(codec->paths.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
