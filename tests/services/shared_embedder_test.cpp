#define CAF_SUITE shared_embedder

#include "services/embedding/model_identity.hpp"
#include "services/embedding/ngram_embedder.hpp"
#include "services/embedding/shared_embedder.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace darkroom;

CAF_TEST(an embedder is made when it is needed first and only once) {
  std::atomic<int> made = 0;
  shared_embedder shared{[&](const std::string&) {
    ++made;
    return result<std::unique_ptr<text_embedder>>{
      std::make_unique<ngram_embedder>()};
  }};
  CAF_CHECK_EQUAL(made.load(), 0);
  std::vector<text_embedder*> got(8);
  std::vector<std::thread> threads;
  for (auto& x : got)
    threads.emplace_back([&] {
      if (auto one = shared.get())
        x = one->get();
    });
  for (auto& x : threads)
    x.join();
  CAF_CHECK_EQUAL(made.load(), 1);
  for (auto* x : got)
    CAF_CHECK(x != nullptr && x == got[0]);
}

CAF_TEST(an embedder that cannot be made is tried again) {
  int tries = 0;
  shared_embedder shared{
    [&](const std::string&) -> result<std::unique_ptr<text_embedder>> {
      if (++tries == 1)
        return fail(ec::bad_config, "no weights");
      return std::unique_ptr<text_embedder>{std::make_unique<ngram_embedder>()};
    }};
  CAF_CHECK_EQUAL(refused(shared.get()).context, "no weights");
  must(shared.get());
  CAF_CHECK_EQUAL(tries, 2);
}

CAF_TEST(another model is kept beside the usual one) {
  std::vector<std::string> made;
  shared_embedder shared{[&](const std::string& model) {
    made.push_back(model);
    return result<std::unique_ptr<text_embedder>>{
      std::make_unique<ngram_embedder>()};
  }};
  auto usual = must(shared.get());
  CAF_CHECK(must(shared.get("local-ngram-1")) == usual);
  auto other = must(shared.get("other"));
  CAF_CHECK(other != usual);
  CAF_CHECK(must(shared.get("other")) == other);
  CAF_CHECK(must(shared.get()) == usual);
  must(shared.get("third"));
  must(shared.get("other")); // was forgotten for the third
  CAF_CHECK((made == std::vector<std::string>{"", "other", "third", "other"}));
}

CAF_TEST(a model is known by its provider and by the bytes of its weights) {
  embedding_settings cfg;
  cfg.provider = "openai";
  cfg.model = "m";
  auto remote = must(embedding_identity(cfg));
  CAF_CHECK_EQUAL(remote.name, "m, 512 floats");
  CAF_CHECK(!remote.is_default);
  scratch_folder one;
  scratch_folder other;
  for (auto* folder : {&one, &other}) {
    folder->write("model.json", "{}");
    folder->write("shard1", "weights");
  }
  auto name_of = [](const scratch_folder& folder) {
    embedding_settings local;
    local.provider = "local";
    local.weights = folder.path();
    return must(embedding_identity(local)).name;
  };
  auto name = name_of(one);
  CAF_CHECK_EQUAL(name_of(other), name);
  other.write("shard1", "weightz");
  CAF_CHECK_NOT_EQUAL(name_of(other), name);
}

CAF_TEST(weights that were named and are not there are told) {
  embedding_settings cfg;
  cfg.provider = "local";
  cfg.weights = "/nowhere/at/all";
  CAF_CHECK(has(refused(embedding_identity(cfg)).context, "fetch-models"));
  scratch_folder empty;
  cfg.weights = empty.path();
  CAF_CHECK(has(refused(embedding_identity(cfg)).context, "is empty"));
}
