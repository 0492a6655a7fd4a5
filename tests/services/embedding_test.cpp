#define CAF_SUITE embedding

#include "services/embedding/ngram_embedder.hpp"
#include "services/embedding/text_embedder.hpp"
#include "services/embedding/text_folding.hpp"
#include "services/provider/open_desk.hpp"
#include "services/text/utf8.hpp"
#include "tests/support/must.hpp"
#include "tests/support/provider.hpp"

#include <cmath>
#include <numeric>

using namespace darkroom;

namespace {

float cosine(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0f);
}

result<std::vector<float>> searched(text_embedder& with,
                                    const std::string& text) {
  open_desk desk;
  auto made = with.embed_for_search(text, desk, nullptr);
  if (!made)
    return std::move(made.error());
  return std::move(made->vector);
}

struct fixture {
  std::vector<float> embed(const std::string& text) {
    return must(ngrams.embed(text, nullptr));
  }

  embedding_settings at(const std::string& base_url) {
    embedding_settings cfg;
    cfg.base_url = base_url;
    cfg.api_key = "sk-secret-1";
    cfg.dimensions = 256;
    return cfg;
  }

  ngram_embedder ngrams;
};

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(embedding_tests, fixture)

CAF_TEST(texts are folded to plain words) {
  CAF_CHECK((fold_words("The Dog's CAFÉ, naïve!")
             == names{"the", "dogs", "cafe", "naive"}));
  CAF_CHECK((fold_words("ＡＢＣ１") == names{"abc1"}));
  CAF_CHECK(
    (fold_words("cafe\u0301 ﬁsh\u00a0漢字") == names{"cafe", "fish", "漢字"}));
  CAF_CHECK(fold_words(" ,.!").empty());
}

CAF_TEST(bytes that are no UTF - 8 become replacement characters) {
  CAF_CHECK(to_code_points("a\xff"
                           "b\xc3")
            == U"a\ufffdb\ufffd");
  CAF_CHECK(to_utf8(to_code_points("é€😀")) == "é€😀");
}

CAF_TEST(shared words are near and strangers far) {
  auto red = embed("a red bicycle at a wall");
  CAF_CHECK_EQUAL(red.size(), 512u);
  CAF_CHECK(std::abs(cosine(red, red) - 1) < 1e-5f);
  auto same = cosine(red, embed("red bicycles, brick wall"));
  auto other = cosine(red, embed("snow on distant mountains"));
  CAF_CHECK(same > 0.4f);
  CAF_CHECK(other < 0.2f);
  CAF_CHECK(cosine(embed("bicycle"), embed("bicycles")) > 0.4f);
}

CAF_TEST(text without a word has no vector) {
  CAF_CHECK(refused(ngrams.embed(" ...", nullptr)).code == ec::bad_input);
  CAF_CHECK(refused(ngrams.embed("", nullptr)).code == ec::bad_input);
}

CAF_TEST(a provider gives vectors of the length asked for) {
  provider peer;
  auto embedder = must(make_embedder(at(peer.base_url)));
  CAF_CHECK_EQUAL(embedder->dimensions(), 256u);
  auto vector = must(searched(*embedder, "hello"));
  CAF_CHECK_EQUAL(vector.size(), 256u);
  CAF_CHECK(std::abs(cosine(vector, vector) - 1) < 1e-5f);
  auto other = must(searched(*embedder, "goodbye"));
  CAF_CHECK(vector != other);
  auto seen = peer.journal();
  CAF_CHECK_EQUAL(seen[0]["path"], "/v1/embeddings");
}

CAF_TEST(throttled calls and wrong answers are told apart) {
  provider peer;
  auto embedder = must(make_embedder(at(peer.base_url)));
  auto later = refused(searched(*embedder, "throttled words"));
  CAF_CHECK(later.code == ec::throttled);
  CAF_CHECK(later.retry_after_ms >= 3000 && later.retry_after_ms <= 3300);
  auto wrong = refused(searched(*embedder, "three floats"));
  CAF_CHECK(wrong.code == ec::upstream_refused);
  auto odd = must(make_embedder(at(peer.odd_url)));
  CAF_CHECK(refused(searched(*odd, "x")).code == ec::upstream_refused);
  CAF_CHECK(refused(searched(*odd, " ")).code == ec::bad_input);
}

CAF_TEST(the settings pick the embedder) {
  embedding_settings cfg;
  cfg.api_key = "k";
  auto chosen = must(make_embedder(cfg));
  CAF_CHECK_EQUAL(chosen->model(), cfg.model);
  cfg.provider = "local";
  cfg.weights = DARKROOM_SOURCE_DIR "/no/such/folder";
  auto why = refused(make_embedder(cfg));
  CAF_CHECK(why.code == ec::bad_config);
  CAF_CHECK(has(why.context, "fetch-models"));
  cfg.provider = "magic";
  CAF_CHECK(refused(make_embedder(cfg)).code == ec::bad_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
