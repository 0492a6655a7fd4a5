#define CAF_SUITE openai_vision

#include "services/vision/openai_answer.hpp"
#include "services/vision/vision_analyser.hpp"
#include "tests/support/must.hpp"
#include "tests/support/provider.hpp"

using namespace darkroom;

namespace {

struct fixture {
  result<image_metadata> describe(const std::string& name,
                                  const std::string& base_url = {}) {
    vision_settings cfg;
    cfg.base_url = base_url.empty() ? peer.base_url : base_url;
    cfg.api_key = "sk-secret-1";
    cfg.timeout = timeout;
    vision_input picture;
    picture.jpeg = std::string("\xff\xd8\xff\x00", 4);
    picture.file_name = name;
    return must(make_vision(cfg))->describe(picture, nullptr);
  }

  ec code(const std::string& name, const std::string& base_url = {}) {
    return refused(describe(name, base_url)).code;
  }

  milliseconds timeout{5000};
  provider peer;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(openai_vision_tests, fixture)

CAF_TEST(an answer becomes metadata) {
  auto said = must(describe("red-bicycle.jpg"));
  CAF_CHECK_EQUAL(said.description,
                  "A red bicycle leans against a brick wall.");
  CAF_CHECK_EQUAL(said.tags.size(), 3u); // the double is dropped
  auto colors = nlohmann::json::parse(said.colors);
  auto wanted = nlohmann::json{"#c81e28", "#8a5a3c"};
  CAF_CHECK_EQUAL(colors["dominant"], wanted);
  auto composition = nlohmann::json::parse(said.composition);
  CAF_CHECK_EQUAL(composition["framing"], "medium shot");
  CAF_CHECK_EQUAL(said.model, "gpt-4o-mini");
  CAF_CHECK_EQUAL(must(describe("fenced")).mood, "calm");
}

CAF_TEST(the model is asked in strict form with the picture) {
  must(describe("red-bicycle.jpg"));
  auto asked = peer.journal()[0];
  CAF_CHECK_EQUAL(asked["path"], "/v1/chat/completions");
  auto& format = asked["body"]["response_format"]["json_schema"];
  CAF_CHECK_EQUAL(format["strict"], true);
  CAF_CHECK_EQUAL(format["schema"]["required"].size(), 10u);
  auto& parts = asked["body"]["messages"][1]["content"];
  CAF_CHECK_EQUAL(parts[1]["image_url"]["url"],
                  "data:image/jpeg;base64,/9j/AA==");
}

CAF_TEST(an unusable answer is worth another try) {
  for (auto name : {"cut-json", "wrong-type", "garbage", "broken", "hangup"})
    CAF_CHECK(code(name) == ec::upstream_failed);
  CAF_CHECK(code("x", peer.odd_url + "/cut") == ec::upstream_failed);
  CAF_CHECK(has(refused(describe("wrong-type")).context, "'mood'"));
}

CAF_TEST(a throttled model answers after the time it names) {
  auto later = refused(describe("throttled"));
  CAF_CHECK(later.code == ec::throttled);
  CAF_CHECK_EQUAL(later.retry_after_ms, 2000);
  must(describe("throttled"));
}

CAF_TEST(refusals are final) {
  CAF_CHECK(code("unknown") == ec::upstream_refused);
  CAF_CHECK(code("x", peer.odd_url + "/refusal") == ec::upstream_refused);
}

CAF_TEST(a slow model times out) {
  timeout = milliseconds{300};
  CAF_CHECK(code("slow") == ec::timed_out);
}

CAF_TEST(the settings pick the analyser) {
  vision_settings cfg;
  auto local = must(make_vision(cfg));
  CAF_CHECK_EQUAL(local->model(), "local-opencv-1");
  cfg.api_key = "k";
  auto remote = must(make_vision(cfg));
  CAF_CHECK_EQUAL(remote->model(), "gpt-4o-mini");
  cfg.provider = "local";
  cfg.cascades = DARKROOM_SOURCE_DIR "/no/such/folder";
  CAF_CHECK(refused(make_vision(cfg)).code == ec::bad_config);
  cfg.provider = "magic";
  CAF_CHECK(refused(make_vision(cfg)).code == ec::bad_config);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(an endless answer is cut between characters) {
  nlohmann::json said{{"description", std::string(499, 'x') + "é"},
                      {"detailedDescription", ""},
                      {"tags", std::vector<std::string>{}},
                      {"categories", std::vector<std::string>{}},
                      {"objects", std::vector<std::string>{}},
                      {"colors",
                       {{"dominant", std::vector<std::string>{}},
                        {"names", std::vector<std::string>{}},
                        {"temperature", ""}}},
                      {"mood", "calm"},
                      {"style", ""},
                      {"composition",
                       {{"orientation", ""},
                        {"framing", ""},
                        {"focalPoint", ""},
                        {"perspective", ""}}},
                      {"searchableText", " "}};
  for (auto i = 0; i < 100; ++i)
    said["tags"].push_back("tag" + std::to_string(i));
  nlohmann::json body;
  body["choices"][0]["message"]["content"] = said.dump();
  auto kept = must(read_answer(body.dump(), "m"));
  CAF_CHECK_EQUAL(kept.description, std::string(499, 'x'));
  CAF_CHECK_EQUAL(kept.tags.size(), 30u);
  CAF_CHECK(has(kept.searchable_text, "tag29"));
}
