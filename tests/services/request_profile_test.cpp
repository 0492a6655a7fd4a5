#define CAF_SUITE request_profile

#include "services/provider/profile_id.hpp"
#include "services/provider/provider_list.hpp"
#include "services/provider/request_profile.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

CAF_TEST(a profile is read as it was written) {
  request_profile x;
  x.tokens = token_field::max_completion_tokens;
  x.format = answer_format::none;
  x.has_detail = x.has_system = x.has_dimensions = x.has_encoding = false;
  x.has_more_room = true;
  CAF_CHECK(read_profile(to_json_text(x)) == x);
  CAF_CHECK(read_profile(to_json_text({})) == request_profile{});
}

CAF_TEST(a text that is no profile teaches nothing) {
  for (std::string text :
       {std::string(), std::string("7"), std::string("[]"), std::string("{"),
        std::string(R"({"tokens":7,"format":"magic","detail":"no"})"),
        std::string(100'000, '[')})
    CAF_CHECK(read_profile(text) == request_profile{});
}

CAF_TEST(two profiles are merged to what either has learned) {
  request_profile a, b;
  a.tokens = token_field::max_completion_tokens;
  b.has_detail = false;
  b.has_more_room = true;
  auto both = merged(a, b);
  CAF_CHECK(both.tokens == token_field::max_completion_tokens);
  CAF_CHECK(!both.has_detail);
  CAF_CHECK(both.has_more_room);
  CAF_CHECK(both.has_system);
}

CAF_TEST(another key URL or model is another profile) {
  provider_settings x;
  x.base_url = "https://a/v1";
  x.api_key = "sk-1";
  x.model = "m";
  auto id = profile_id(x);
  CAF_CHECK_EQUAL(id.substr(0, 4), "m@a#");
  CAF_CHECK_EQUAL(id.size(), 14u);
  CAF_CHECK_EQUAL(profile_id(x), id);
  for (auto change : {&provider_settings::base_url, &provider_settings::api_key,
                      &provider_settings::model}) {
    auto other = x;
    other.*change += "2";
    CAF_CHECK(profile_id(other) != id);
  }
  x.timeout = std::chrono::milliseconds{1};
  CAF_CHECK_EQUAL(profile_id(x), id);
  x.kind = "local";
  CAF_CHECK_EQUAL(profile_id(x), "");
}

CAF_TEST(the keys of a section are a list of one provider) {
  vision_settings cfg;
  CAF_CHECK(is_local(must(providers_of(cfg))));
  cfg.api_key = " sk-1\n";
  cfg.base_url = "https://a/v1/ ";
  auto one = must(providers_of(cfg));
  CAF_REQUIRE_EQUAL(one.size(), 1u);
  CAF_CHECK_EQUAL(one[0].api_key, "sk-1");
  CAF_CHECK_EQUAL(one[0].base_url, "https://a/v1");
  CAF_CHECK_EQUAL(one[0].model, cfg.model);
  CAF_CHECK(one[0].timeout == cfg.timeout);
  embedding_settings vectors;
  vectors.provider = "openai";
  vectors.dimensions = 7;
  CAF_CHECK(must(providers_of(vectors))[0].dimensions == 7u);
  cfg.provider = "magic";
  CAF_CHECK(refused(providers_of(cfg)).code == ec::bad_config);
}

CAF_TEST(a list of providers replaces the keys of its section) {
  vision_settings cfg;
  provider_settings first, last;
  first.base_url = "https://a/v1/";
  first.api_key = " k ";
  last.kind = "local";
  cfg.providers = {first, last};
  auto list = must(providers_of(cfg));
  CAF_REQUIRE_EQUAL(list.size(), 2u);
  CAF_CHECK_EQUAL(list[0].base_url, "https://a/v1");
  CAF_CHECK_EQUAL(list[0].api_key, "k");
  CAF_CHECK(!is_local(list));
  CAF_CHECK(profiles_of(list)[1] == "");
  cfg.providers[1].kind = "magic";
  CAF_CHECK(refused(providers_of(cfg)).code == ec::bad_config);
}
