#define CAF_SUITE generate_embeddings

#include "actors/jobs/generate_embeddings.hpp"
#include "services/json/json.hpp"
#include "services/storage/file_bytes.hpp"
#include "tests/support/fake_job_tools.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

/// An embedder that answers what the test says.
struct fake_embedder : local_embedder {
  struct plan {
    std::optional<error> failure;
    std::function<void()> on_call;
    std::vector<std::string> texts;
    int made = 0;
    std::string model; ///< that was asked for
  };

  explicit fake_embedder(std::shared_ptr<plan> how) : how_(std::move(how)) {}

  const std::string& model() const override {
    static const std::string name = "fake-1";
    return name;
  }

  uint32_t dimensions() const override {
    return 3;
  }

  result<std::vector<float>> embed(const std::string& text,
                                   const std::atomic<bool>* cancel) override {
    how_->texts.push_back(text);
    if (how_->on_call)
      how_->on_call();
    if (cancel != nullptr && *cancel)
      return fail(ec::cancelled, "the call was cut short");
    if (how_->failure)
      return error{*how_->failure};
    return std::vector<float>{1, 0, 0};
  }

private:
  std::shared_ptr<plan> how_;
};

struct fixture : job_fixture {
  std::shared_ptr<fake_embedder::plan> plan
    = std::make_shared<fake_embedder::plan>();

  fixture() : job_fixture("generate-embeddings") {
    work.data = R"({"imageId":"cat","filePath":"pets/cat.jpg","metadata":{)"
                R"("searchableText":"a red cat","description":"A cat.",)"
                R"("tags":["cat"],"colors":{"dominant":["#ff0000"]}}})";
    make_embedder
      = [this](
          const std::string& model) -> result<std::unique_ptr<text_embedder>> {
      ++plan->made;
      plan->model = model;
      return std::unique_ptr<text_embedder>{
        std::make_unique<fake_embedder>(plan)};
    };
    prepare();
  }

  outcome run_with_error(error why) {
    plan->failure = std::move(why);
    return run();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(generate_embeddings_tests, fixture)

CAF_TEST(a text becomes a vector whose row waits for its commit) {
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(
    out.value,
    R"({"dimensions":3,"imageId":"cat","model":"fake-1","success":true})");
  CAF_CHECK_EQUAL(plan->texts, std::vector<std::string>{"a red cat"});
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  CAF_REQUIRE_EQUAL(out.commit[0].embedding.size(), 1u);
  const auto& row = out.commit[0].embedding[0];
  CAF_CHECK_EQUAL(row.model, "fake-1");
  CAF_CHECK_EQUAL(row.vector, (std::vector<float>{1, 0, 0}));
  CAF_CHECK_EQUAL(row.name, "cat.jpg");
  CAF_CHECK_EQUAL(row.searchable_text, "a red cat");
  CAF_CHECK(out.chained.empty());
  CAF_CHECK_EQUAL(progress,
                  (std::vector<std::string>{"10", "30", "90", "100"}));
}

CAF_TEST(a row has the metadata that search shows and null for the rest) {
  auto out = run();
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  auto shown = *parse_json(out.commit[0].embedding[0].metadata);
  CAF_CHECK_EQUAL(text_member(shown, "description"), "A cat.");
  CAF_CHECK_EQUAL(write_json(shown["tags"]), R"(["cat"])");
  CAF_CHECK_EQUAL(write_json(shown["colors"]), R"(["#ff0000"])");
  CAF_CHECK(shown["mood"].is_null());
}

CAF_TEST(a row tells the space of its vector and the hash of its text) {
  auto out = run();
  CAF_REQUIRE_EQUAL(out.commit.size(), 1u);
  const auto& row = out.commit[0].embedding[0];
  CAF_CHECK_EQUAL(row.host, "local");
  CAF_CHECK_EQUAL(row.text_hash, sha256_of("a red cat"));
  CAF_CHECK_EQUAL(plan->model, "");
}

CAF_TEST(a job can ask for another model) {
  work.data.insert(1, R"("model":"other-1",)");
  CAF_CHECK(run().kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(plan->model, "other-1");
}

CAF_TEST(neither codec nor storage has work to do) {
  run();
  CAF_CHECK(codec->paths.empty());
  CAF_CHECK(files->staged.empty());
}

CAF_TEST(data without a text fails for good before an embedder is made) {
  for (const char* data :
       {"", "{}", R"({"imageId":"cat","filePath":"cat.jpg"})",
        R"({"imageId":"cat","filePath":"cat.jpg","metadata":{}})",
        R"({"imageId":"cat","filePath":"../cat.jpg",)"
        R"("metadata":{"searchableText":"a"}})"}) {
    work.data = data;
    CAF_CHECK(run().kind == outcome_kind::refused);
  }
  CAF_CHECK_EQUAL(plan->made, 0);
}

CAF_TEST(metadata of a wrong kind never ends the process) {
  for (const char* metadata :
       {"5", "[]", "null", R"({"searchableText":7})",
        R"({"searchableText":"a","colors":7})",
        R"({"searchableText":"a","colors":{"dominant":7},"tags":{}})"}) {
    work.data = R"({"imageId":"cat","filePath":"cat.jpg","metadata":)"
                + std::string{metadata} + "}";
    (void)run();
  }
  CAF_CHECK(true);
}

CAF_TEST(weights that cannot be read are said without their folder) {
  config.embedding.weights = "/opt/weights";
  make_embedder
    = [](const std::string&) -> result<std::unique_ptr<text_embedder>> {
    return fail(ec::bad_config, "/opt/weights/model.json cannot be read");
  };
  prepare();
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::refused);
  CAF_CHECK_EQUAL(out.reason, "model.json cannot be read");
  CAF_CHECK(out.commit.empty());
}

CAF_TEST(an embedder is made once and shared by the next run) {
  run();
  run();
  CAF_CHECK_EQUAL(plan->made, 1);
}

CAF_TEST(a provider that refuses fails the job for good) {
  auto out = run_with_error({ec::upstream_refused, "no such model"});
  CAF_CHECK(out.kind == outcome_kind::refused);
  CAF_CHECK_EQUAL(out.reason, "no such model");
  CAF_CHECK(out.commit.empty());
}

CAF_TEST(a provider that fails for now is asked again) {
  for (auto code : {ec::upstream_failed, ec::timed_out})
    CAF_CHECK(run_with_error({code, "later"}).kind == outcome_kind::failed);
}

CAF_TEST(a provider that is too busy says when to come back) {
  auto out = run_with_error({ec::throttled, "429", 1500});
  CAF_CHECK(out.kind == outcome_kind::throttled);
  CAF_CHECK_EQUAL(out.retry_after_ms, 1500);
}

CAF_TEST(a job that is stopped while the provider works is returned) {
  plan->on_call = [this] {
    control.ask();
  };
  auto out = run();
  CAF_CHECK(out.kind == outcome_kind::returned);
  CAF_CHECK(out.commit.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
