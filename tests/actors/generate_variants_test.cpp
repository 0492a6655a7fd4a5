#define CAF_SUITE generate_variants

#include "actors/jobs/generate_variants.hpp"
#include "tests/support/fake_job_tools.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

struct fixture : job_fixture {
  fixture() : job_fixture("generate-variants") {
    for (const char* size : {"lg", "md", "sm"})
      for (auto format : {picture_format::webp, picture_format::avif})
        codec->encoded.push_back({{size}, format, {40, 30, size}});
  }
};

// An image with an AVIF file, and a WebP file that serves two widths.
known_result other_image() {
  known_result out;
  out.marks.push_back(
    {"content", "recipe", 4, "L0", "#102030", "00112233445566ff"});
  out.variants = {{"lg", "avif", 40, 30, 7, "variants/dog/lg.avif"},
                  {"md", "webp", 30, 20, 9, "variants/dog/md.webp"},
                  {"sm", "webp", 30, 20, 9, "variants/dog/md.webp"}};
  return out;
}

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

CAF_TEST(a job may choose the effort) {
  work.data = R"({"imageId":"cat","filePath":"pets/cat.jpg","avifEffort":7})";
  run();
  CAF_CHECK_EQUAL(codec->wishes.avif_effort, std::optional{7u});
  work.data
    = R"({"imageId":"cat","filePath":"pets/cat.jpg","avifEffort":null})";
  run();
  CAF_CHECK_EQUAL(codec->wishes.avif_effort, std::optional<uint32_t>{});
  for (auto wrong : {"10", "-1", "1.5", "\"3\"", "[]", "true"}) {
    work.data = R"({"imageId":"cat","filePath":"pets/cat.jpg","avifEffort":)"
                + std::string{wrong} + "}";
    auto out = run();
    CAF_CHECK(out.kind != outcome_kind::completed);
    CAF_CHECK(out.reason.find("0 to 9") != std::string::npos);
  }
}

CAF_TEST(progress follows the codec) {
  run();
  CAF_CHECK_EQUAL(progress,
                  (std::vector<std::string>{"10", "35", "60", "100"}));
}

CAF_TEST(a file that serves several widths has a row for each) {
  codec->encoded.resize(2);
  codec->encoded[0].types = {"lg", "md", "sm"};
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  const auto& rows = out.commit[0];
  CAF_CHECK_EQUAL(rows.files.size(), 2u);
  CAF_REQUIRE_EQUAL(rows.variants.size(), 4u);
  for (size_t i : {0, 1, 2})
    CAF_CHECK_EQUAL(rows.variants[i].file_path, "variants/cat/lg.webp");
  CAF_CHECK_EQUAL(rows.variants[2].variant_type, "sm");
  CAF_CHECK_EQUAL(rows.variants[3].file_path, "variants/cat/lg.avif");
}

CAF_TEST(each width has a file of its own if that is configured) {
  config.imaging.share_files = false;
  prepare();
  codec->encoded = {{{"lg", "sm"}, picture_format::webp, {40, 30, "x"}}};
  for (auto has_links : {true, false}) {
    files->has_links = has_links;
    files->links.clear();
    auto out = run();
    CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
    const auto& rows = out.commit[0];
    CAF_CHECK_EQUAL(rows.files.size(), 2u);
    CAF_CHECK_EQUAL(rows.variants[1].file_path, "variants/cat/sm.webp");
    CAF_CHECK_EQUAL(files->links.size(), has_links ? 1u : 0u);
  }
}

CAF_TEST(marks and the effort are stored with the variants) {
  codec->origin = {"content", "recipe", 4};
  auto out = run();
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  const auto& rows = out.commit[0];
  CAF_CHECK(!rows.is_reused);
  CAF_REQUIRE_EQUAL(rows.marks.size(), 1u);
  CAF_CHECK_EQUAL(rows.marks[0].content_hash, "content");
  CAF_CHECK_EQUAL(rows.marks[0].recipe_hash, "recipe");
  CAF_CHECK_EQUAL(rows.marks[0].avif_effort, 4u);
  CAF_CHECK_EQUAL(rows.marks[0].dominant_color, "#ff0000");
  CAF_CHECK_EQUAL(rows.marks[0].blur_hash.size(), 28u);
}

CAF_TEST(files of the same bytes are used instead of new ones) {
  known = other_image();
  codec->origin = {"content", "recipe", 1};
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(out.value,
                  R"({"imageId":"cat","success":true,"variants":3})");
  CAF_CHECK_EQUAL(codec->encodes, 0);
  CAF_CHECK_EQUAL(
    files->known,
    (std::vector<std::string>{"variants/dog/lg.avif", "variants/dog/md.webp"}));
  CAF_CHECK_EQUAL(
    files->staged,
    (std::vector<std::string>{"variants/cat/lg.avif", "variants/cat/md.webp"}));
  const auto& rows = out.commit.at(0);
  CAF_CHECK(rows.is_reused);
  CAF_CHECK_EQUAL(rows.files.size(), 2u);
  CAF_REQUIRE_EQUAL(rows.variants.size(), 3u);
  CAF_CHECK_EQUAL(rows.variants[0].file_path, "variants/cat/lg.avif");
  CAF_CHECK_EQUAL(rows.variants[1].file_path, "variants/cat/md.webp");
  CAF_CHECK_EQUAL(rows.variants[2].file_path, "variants/cat/md.webp");
  CAF_CHECK_EQUAL(rows.variants[2].variant_type, "sm");
  CAF_CHECK_EQUAL(rows.marks.at(0).avif_effort, 4u);
  CAF_CHECK_EQUAL(rows.marks.at(0).blur_hash, "L0");
  CAF_CHECK_EQUAL(progress, (std::vector<std::string>{"10", "60", "100"}));
}

CAF_TEST(only auto takes files of a higher effort) {
  for (auto is_auto : {false, true}) {
    config.imaging.avif_effort = 3;
    if (is_auto)
      config.imaging.avif_effort.reset();
    prepare();
    codec->origin = {"content", "recipe", 3};
    run();
    const auto& asked = queries.back();
    CAF_CHECK_EQUAL(asked.content_hash, "content");
    CAF_CHECK_EQUAL(asked.recipe_hash, "recipe");
    CAF_CHECK_EQUAL(asked.lowest_effort, 3u);
    CAF_CHECK_EQUAL(asked.highest_effort, is_auto ? 9u : 3u);
  }
}

CAF_TEST(without files of the same bytes they are encoded) {
  codec->origin = {"content", "recipe", 3};
  auto encodes = [this] {
    auto before = codec->encodes;
    auto out = run();
    CAF_CHECK(out.kind == outcome_kind::completed);
    CAF_CHECK(!out.commit.at(0).is_reused);
    CAF_CHECK_EQUAL(out.commit.at(0).variants.size(), 6u);
    return codec->encodes - before;
  };
  CAF_CHECK_EQUAL(encodes(), 1); // nobody answered
  known = known_result{};
  CAF_CHECK_EQUAL(encodes(), 1);
  known = other_image();
  files->gone = {"variants/dog/md.webp"};
  CAF_CHECK_EQUAL(encodes(), 1);
  CAF_CHECK_EQUAL(files->removals, 1);
}

CAF_TEST(nobody is asked for files if they must not be reused) {
  config.imaging.reuse_results = false;
  prepare();
  codec->encoded = {{{"lg"}, picture_format::webp, {40, 30, "x"}}};
  codec->origin = {"content", "recipe", 3};
  known = other_image();
  auto out = run();
  CAF_CHECK(queries.empty());
  CAF_CHECK_EQUAL(codec->encodes, 1);
  CAF_CHECK_EQUAL(out.commit.at(0).marks.at(0).content_hash, "");
}

CAF_TEST(the codec hears how many jobs wait) {
  work.waiting = 12;
  run();
  CAF_CHECK_EQUAL(codec->wishes.waiting, 12u);
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
        R"({"imageId":[7],"filePath":"cat.jpg"})",
        R"({"imageId":"cat","filePath":"../cat.jpg"})"}) {
    work.data = data;
    CAF_CHECK(run().kind == outcome_kind::refused);
  }
  CAF_CHECK(codec->paths.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
