#define CAF_SUITE generate_metadata

#include "actors/jobs/generate_metadata.hpp"
#include "services/json/json.hpp"
#include "tests/support/fake_job_tools.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

struct fixture : job_fixture {
  fixture() : job_fixture("generate-metadata") {
    see();
  }

  /// The codec answers a small red picture.
  void see() {
    auto& seen = codec->analysis;
    seen.facts.format = "jpeg";
    seen.facts.width = 640;
    seen.facts.height = 480;
    seen.facts.camera_make = "Acme";
    seen.small.width = 32;
    seen.small.height = 24;
    for (int i = 0; i < 32 * 24; ++i)
      for (int channel : {200, 20, 30})
        seen.small.pixels.push_back(static_cast<uint8_t>(channel));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(generate_metadata_tests, fixture)

CAF_TEST(a picture is described and its rows wait for their commit) {
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  auto value = *parse_json(out.value);
  CAF_CHECK_EQUAL(text_member(value, "imageId"), "cat");
  CAF_CHECK_EQUAL(codec->paths,
                  std::vector<std::string>{"/uploads/pets/cat.jpg"});
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  CAF_REQUIRE_EQUAL(out.commit[0].metadata.size(), 1u);
  const auto& found = out.commit[0].metadata[0];
  CAF_CHECK_EQUAL(found.model, text_member(value, "model"));
  CAF_CHECK(!found.description.empty());
  CAF_CHECK_GREATER(found.generated_at, 0);
  CAF_CHECK(out.commit[0].files.empty());
  CAF_CHECK_EQUAL(progress, (std::vector<std::string>{"10", "50", "100"}));
}

CAF_TEST(the next job gets what was found) {
  auto out = run();
  CAF_REQUIRE_EQUAL(out.chained.size(), 1u);
  const auto& next = out.chained[0];
  CAF_CHECK_EQUAL(next.name, "generate-embeddings");
  auto data = *parse_json(next.data);
  CAF_CHECK_EQUAL(text_member(data, "imageId"), "cat");
  CAF_CHECK_EQUAL(text_member(data, "filePath"), "pets/cat.jpg");
  CAF_CHECK(!text_member(data["metadata"], "searchableText").empty());
}

CAF_TEST(a picture that can never be decoded fails for good) {
  for (auto code : {ec::bad_input, ec::too_large}) {
    auto out = run_with_codec_error(code);
    CAF_CHECK(out.kind == outcome_kind::refused);
    CAF_CHECK_EQUAL(out.reason, "the codec says why");
    CAF_CHECK(out.commit.empty());
    CAF_CHECK(out.chained.empty());
  }
}

CAF_TEST(a codec that dies is counted and the job tried again) {
  for (auto code : {ec::codec_crashed, ec::codec_timeout}) {
    auto out = run_with_codec_error(code);
    CAF_CHECK(out.kind == outcome_kind::failed);
    CAF_CHECK(out.codec_died);
    CAF_CHECK(out.chained.empty());
  }
}

CAF_TEST(a file that cannot be read now is tried again) {
  auto out = run_with_codec_error(ec::storage_failed);
  CAF_CHECK(out.kind == outcome_kind::failed);
  CAF_CHECK(!out.codec_died);
}

CAF_TEST(pixels that are none fail for good) {
  codec->analysis.small.pixels.pop_back();
  CAF_CHECK(run().kind == outcome_kind::refused);
}

CAF_TEST(models that cannot be read are named before the codec works) {
  config.vision.models = "/nowhere/models";
  prepare();
  auto out = run();
  CAF_CHECK(out.kind != outcome_kind::completed);
  CAF_CHECK(!out.reason.empty());
  CAF_CHECK(out.reason.find("/nowhere/") == std::string::npos);
  CAF_CHECK(codec->paths.empty());
}

CAF_TEST(a job that is stopped kills the codec and is returned) {
  auto out = run_and_cancel();
  CAF_CHECK_EQUAL(codec->cancels, 1);
  CAF_CHECK(out.kind == outcome_kind::returned);
  CAF_CHECK(out.commit.empty());
}

CAF_TEST(a job that has ended does not kill the codec of the next one) {
  run();
  control.cancel();
  CAF_CHECK_EQUAL(codec->cancels, 0);
}

CAF_TEST(a picture that is too large for a provider is shown at half its edge) {
  auto said = test::reply(200, R"({"choices":[{"message":{"content":)"
                               R"({"description":"A cat."}}}]})");
  test::scripted_server server{{test::reply(413, ""), said}};
  config.vision.provider = "openai";
  config.vision.base_url = server.url();
  prepare();
  see();
  codec->analysis.vision_jpeg = "jpeg";
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(codec->vision_edges, (std::vector<uint32_t>{0, 384}));
  CAF_CHECK_EQUAL(server.requests().size(), 2u);
}

CAF_TEST(a provider that is not usable lets the job wait) {
  test::scripted_server server{
    {test::reply(401, R"({"error":{"message":"bad key"}})")}};
  config.vision.provider = "openai";
  config.vision.base_url = server.url();
  prepare();
  see();
  codec->analysis.vision_jpeg = "jpeg";
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::throttled);
  CAF_CHECK_GREATER(out.retry_after_ms, 0);
  CAF_CHECK(out.reason.find("bad key") != std::string::npos);
}

CAF_TEST(data that names no picture fails for good before the codec works) {
  for (const char* data : {"", "{}", R"({"imageId":"cat"})",
                           R"({"imageId":"cat","filePath":"../cat.jpg"})"}) {
    work.data = data;
    CAF_CHECK(run().kind == outcome_kind::refused);
  }
  CAF_CHECK(codec->paths.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
