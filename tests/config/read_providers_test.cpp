#define CAF_SUITE read_providers

#include "config/load.hpp"
#include "config/read_file.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <cstdlib>

using namespace darkroom;

namespace {

const std::string head = "[[vision.providers]]\n";

std::vector<provider_settings> read(const std::string& text) {
  auto parsed = read_toml(text, "x.toml");
  CAF_REQUIRE(parsed);
  return parsed->vision_providers;
}

std::string why(const std::string& text) {
  auto parsed = read_toml(head + text, "x.toml");
  return parsed ? "" : parsed.error().context;
}

} // namespace

CAF_TEST(providers stand in the order of the file) {
  auto list
    = read(head
           + "base_url = \" https://a.example/v1/ \"\nmodel = \"one\"\n"
             "api_key = \" key\\n\"\ntimeout = \"5s\"\nprice_in = 0.15\n"
             "price_out = 3\n"
           + head + "kind = \"local\"\n");
  CAF_REQUIRE_EQUAL(list.size(), 2u);
  CAF_CHECK_EQUAL(list[0].base_url, "https://a.example/v1");
  CAF_CHECK_EQUAL(list[0].model, "one");
  CAF_CHECK_EQUAL(list[0].api_key, "key");
  CAF_CHECK_EQUAL(list[0].timeout.count(), 5000);
  CAF_CHECK_EQUAL(list[0].price_in, 0.15);
  CAF_CHECK_EQUAL(list[0].price_out, 3.0);
  CAF_CHECK_EQUAL(list[1].kind, "local");
}

CAF_TEST(a provider stands beside the other keys of its section) {
  auto parsed = read_toml("[embedding]\ntimeout = \"9s\"\n"
                          "[[embedding.providers]]\n"
                          "base_url = \"http://b.example\"\nmodel = \"two\"\n"
                          "dimensions = 768\n",
                          "x.toml");
  CAF_REQUIRE(parsed);
  CAF_REQUIRE_EQUAL(parsed->embedding_providers.size(), 1u);
  CAF_CHECK_EQUAL(parsed->embedding_providers[0].dimensions, 768u);
  CAF_CHECK_EQUAL(parsed->assignments.size(), 1u);
}

CAF_TEST(a key may come from the environment) {
  ::setenv("DARKROOM_TEST_KEY", " sk-1\n", 1);
  auto list = read(head
                   + "base_url = \"http://a.example\"\nmodel = \"one\"\n"
                     "api_key_env = \"DARKROOM_TEST_KEY\"\n");
  CAF_CHECK_EQUAL(list[0].api_key, "sk-1");
  ::unsetenv("DARKROOM_TEST_KEY");
  CAF_CHECK(has(why("base_url = \"http://a\"\nmodel = \"m\"\n"
                    "api_key_env = \"DARKROOM_TEST_KEY\"\n"),
                "'DARKROOM_TEST_KEY', which is not set"));
}

CAF_TEST(a mistake is named with its place and never with the key) {
  CAF_CHECK_EQUAL(
    why("modle = \"a\""),
    "x.toml:2:1: unknown key 'modle' in [[vision.providers]]; did "
    "you mean 'model'?");
  CAF_CHECK(has(why("kind = \"azure\""), "kind must be"));
  CAF_CHECK(has(why("model = \"a\"\napi_key = \"sk-1\""), "needs a base_url"));
  CAF_CHECK(!has(why("model = \"a\"\napi_key = \"sk-1\""), "sk-1"));
  CAF_CHECK(has(why("base_url = \"ftp://a\"\nmodel = \"m\""), "http"));
  CAF_CHECK(has(why("base_url = \"http://a\""), "the name of a model"));
  CAF_CHECK(has(why("base_url = \"http://a\"\nmodel = \"m\"\nprice_in = -1"),
                "price_in must be"));
  CAF_CHECK(has(why("base_url = \"http://a\"\nmodel = \"m\"\ntimeout = 5"),
                "timeout must be"));
  CAF_CHECK(has(why("base_url = 3"), "base_url must be a string"));
}

CAF_TEST(a list is written with double brackets and bounded) {
  auto parsed = read_toml("[vision]\nproviders = 3\n", "x.toml");
  CAF_REQUIRE(!parsed);
  CAF_CHECK(has(parsed.error().context, "double brackets"));
  std::string nine;
  for (int i = 0; i < 9; ++i)
    nine += head + "kind = \"local\"\n";
  parsed = read_toml(nine, "x.toml");
  CAF_REQUIRE(!parsed);
  CAF_CHECK(has(parsed.error().context, "at most 8"));
}

CAF_TEST(people see a provider without its key) {
  auto list = read(head
                   + "base_url = \"http://a.example\"\nmodel = \"one\"\n"
                     "api_key = \"sk-1\"\nprice_in = 0.5\n");
  CAF_CHECK_EQUAL(describe(list[0]),
                  "one at http://a.example, 0.5 and 0 per million tokens");
}
