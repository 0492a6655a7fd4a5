#define CAF_SUITE read_environment

#include "config/field.hpp"
#include "config/read_environment.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

using texts = std::map<std::string, std::string>;

/// What wins for each key.
texts read(const environment& variables,
           const std::set<std::string>& elsewhere = {}) {
  auto layer = read_environment(variables, elsewhere);
  texts out;
  CAF_REQUIRE(layer);
  for (const auto& each : layer->assignments)
    out[each.key] = each.text;
  return out;
}

} // namespace

CAF_TEST(every setting has a variable of its own) {
  environment variables;
  for (const auto& row : all_fields())
    variables[environment_name(row)] = "text of " + row.name();
  auto found = read(variables);
  for (const auto& row : all_fields())
    CAF_CHECK_EQUAL(found[row.name()], "text of " + row.name());
  CAF_CHECK_EQUAL(found.size(), all_fields().size());
}

CAF_TEST(the familiar names are understood) {
  auto found = read({{"REDIS_HOST", "cache"},
                     {"REDIS_PORT", "7"},
                     {"REDIS_PASSWORD", "pw"},
                     {"PORT", "80"},
                     {"LOG_LEVEL", "debug"},
                     {"OPENAI_BASE_URL", "http://a"},
                     {"OPENROUTER_API_KEY", "k"},
                     {"OPENROUTER_BASE_URL", "http://b"}});
  CAF_CHECK_EQUAL(found["redis.host"], "cache");
  CAF_CHECK_EQUAL(found["redis.port"], "7");
  CAF_CHECK_EQUAL(found["redis.password"], "pw");
  CAF_CHECK_EQUAL(found["http.port"], "80");
  CAF_CHECK_EQUAL(found["log.level"], "debug");
  CAF_CHECK_EQUAL(found["vision.base_url"], "http://a");
  CAF_CHECK_EQUAL(found["embedding.api_key"], "k");
  CAF_CHECK_EQUAL(found["embedding.base_url"], "http://b");
}

CAF_TEST(REDIS_URL may ask for TLS) {
  auto by_url = read({{"REDIS_URL", "rediss://b"}});
  CAF_CHECK_EQUAL(by_url["redis.tls"], "true");
  // A plain one leaves what the file says.
  CAF_CHECK_EQUAL(read({{"REDIS_URL", "redis://b"}}).count("redis.tls"), 0u);
  auto by_sentinels = read({{"REDIS_SENTINELS", "a:1,b:2"}});
  CAF_CHECK_EQUAL(by_sentinels["redis.sentinels"], "a:1,b:2");
}

CAF_TEST(REDIS_URL is stronger than REDIS_HOST and weaker than our own names) {
  environment variables{{"REDIS_HOST", "a"},
                        {"REDIS_PORT", "1"},
                        {"REDIS_PASSWORD", "pw"},
                        {"REDIS_URL", "redis://me@b/4"}};
  auto found = read(variables);
  CAF_CHECK_EQUAL(found["redis.host"], "b");
  CAF_CHECK_EQUAL(found["redis.port"], "6379");
  CAF_CHECK_EQUAL(found["redis.username"], "me");
  CAF_CHECK_EQUAL(found["redis.password"], "pw");
  CAF_CHECK_EQUAL(found["redis.database"], "4");
  variables["DARKROOM_REDIS_HOST"] = "c";
  found = read(variables);
  CAF_CHECK_EQUAL(found["redis.host"], "c");
}

CAF_TEST(a malformed REDIS_URL is refused without quoting it) {
  auto layer = read_environment({{"REDIS_URL", "redis://:secret@"}}, {});
  CAF_REQUIRE(!layer);
  CAF_CHECK_EQUAL(layer.error().context,
                  "environment variable REDIS_URL has no host; the form is "
                  "redis://[user:password@]host[:port][/db], or rediss:// for "
                  "TLS");
}

CAF_TEST(an empty variable counts as not set) {
  CAF_CHECK_EQUAL(read({{"REDIS_HOST", ""}, {"REDIS_URL", ""}}).size(), 0u);
}

CAF_TEST(the OpenAI key serves embeddings where there is no other) {
  auto found = read({{"OPENAI_API_KEY", "k"}});
  CAF_CHECK_EQUAL(found["vision.api_key"], "k");
  CAF_CHECK_EQUAL(found["embedding.api_key"], "k");
  CAF_CHECK_EQUAL(found["embedding.base_url"], "https://api.openai.com/v1");
  CAF_CHECK_EQUAL(found["embedding.model"], "text-embedding-3-small");
  found = read({{"OPENAI_API_KEY", "k"}, {"OPENAI_BASE_URL", "http://a"}});
  CAF_CHECK_EQUAL(found["embedding.base_url"], "http://a");
}

CAF_TEST(the OpenAI key leaves embeddings alone where there is another) {
  for (auto name : {"OPENROUTER_API_KEY", "DARKROOM_EMBEDDING_API_KEY"}) {
    auto found = read({{"OPENAI_API_KEY", "k"}, {name, "other"}});
    CAF_CHECK_EQUAL(found["embedding.api_key"], "other");
    CAF_CHECK_EQUAL(found.count("embedding.base_url"), 0u);
  }
  auto found = read({{"OPENAI_API_KEY", "k"}}, {"embedding.api_key"});
  CAF_CHECK_EQUAL(found.count("embedding.api_key"), 0u);
  found = read({{"OPENAI_API_KEY", "k"}},
               {"embedding.base_url", "embedding.model"});
  CAF_CHECK_EQUAL(found["embedding.api_key"], "k");
  CAF_CHECK_EQUAL(found.count("embedding.base_url"), 0u);
  CAF_CHECK_EQUAL(found.count("embedding.model"), 0u);
}

CAF_TEST(a mistyped variable of ours is warned about) {
  auto layer = read_environment(
    {{"DARKROOM_HTTP_PROT", "1"}, {"DARKROOM_CONFIG", "x"}, {"PATH", "y"}}, {});
  CAF_REQUIRE(layer);
  CAF_REQUIRE_EQUAL(layer->warnings.size(), 1u);
  CAF_CHECK_EQUAL(layer->warnings.front(),
                  "environment variable DARKROOM_HTTP_PROT names no setting; "
                  "did you mean 'DARKROOM_HTTP_PORT'?");
}

CAF_TEST(the variables of this process are captured) {
  ::setenv("DARKROOM_TEST_CAPTURE", "a=b", 1);
  auto variables = capture_environment();
  ::unsetenv("DARKROOM_TEST_CAPTURE");
  CAF_CHECK_EQUAL(variables["DARKROOM_TEST_CAPTURE"], "a=b");
}
