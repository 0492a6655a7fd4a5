/// What an attempt makes of providers' answers. Over 300 lines long, because
/// all cases need the desk that permits and notes.
#define CAF_SUITE ask_provider

#include "services/json/json.hpp"
#include "services/provider/ask_provider.hpp"
#include "services/provider/open_desk.hpp"
#include "services/provider/profile_id.hpp"
#include "services/vision/vision_question.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/span_list.hpp"

#include <map>

using namespace darkroom;
using test::reply;

namespace {

/// Permits all, remembers what was learned and told.
struct fake_desk : provider_desk {
  result<provider_permit> book(provider_query query) override {
    queries.push_back(query);
    if (queries.size() > 30)
      return fail(ec::internal, "it asks for ever");
    if (queries.size() > most)
      return error{ec::throttled, "the limit is reached", 60000};
    provider_permit out;
    while (out.provider < query.profiles.size() - 1
           && unusable.count(query.profiles[out.provider]) > 0)
      ++out.provider;
    out.profile = learned[query.profiles[out.provider]];
    out.answer = kept[query.answer_key];
    return out;
  }

  void report(provider_report what) override {
    if (!what.profile.empty())
      learned[what.profile_id] = what.profile;
    if (what.end == call_end::unusable || what.end == call_end::throttled)
      unusable[what.profile_id] = true;
    reports.push_back(std::move(what));
  }

  /// "adapted answered"
  std::string ends() const {
    constexpr const char* names[] = {"answered",  "bad_answer", "adapted",
                                     "refused",   "unusable",   "throttled",
                                     "transient", "not_made"};
    std::string out;
    for (const auto& x : reports)
      out += (out.empty() ? "" : " ")
             + std::string(names[static_cast<size_t>(x.end)]);
    return out;
  }

  size_t most = 30; ///< calls that are permitted
  std::vector<provider_query> queries;
  std::vector<provider_report> reports;
  std::map<std::string, std::string> learned;
  std::map<std::string, std::string> kept;
  std::map<std::string, bool> unusable;
};

std::string completion_of(const std::string& content,
                          const std::string& finish = "stop") {
  return reply(
    200,
    write_json(
      {{"choices",
        {{{"finish_reason", finish}, {"message", {{"content", content}}}}}},
       {"usage", {{"prompt_tokens", 1000}, {"completion_tokens", 200}}}}));
}

std::string refusal(int status, const std::string& message,
                    const std::string& param = {}) {
  return reply(
    status, write_json({{"error", {{"message", message}, {"param", param}}}}));
}

const std::string good = completion_of(R"({"description":"A cat."})");

struct fixture {
  fixture() {
    picture.jpeg = "jpeg";
    picture.smaller = [this]() -> result<std::string> {
      ++halved;
      return std::string("half");
    };
  }

  provider_settings at(const test::scripted_server& server) {
    provider_settings out;
    out.base_url = server.url() + "/v1";
    out.api_key = "sk-secret-1";
    out.model = "m";
    out.timeout = std::chrono::milliseconds{5000};
    out.price_in = 2.5;
    out.price_out = 10;
    return out;
  }

  result<provider_answer> ask(provider_list providers) {
    vision_question question(picture, language);
    http_client client;
    return ask_provider(question, {providers, client, desk, nullptr, [] {
                                     return 0.0;
                                   }});
  }

  nlohmann::json body(const test::scripted_server& server, size_t call) {
    return must(parse_json(server.requests().at(call)));
  }

  vision_input picture;
  std::string language;
  int halved = 0;
  fake_desk desk;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(ask_provider_tests, fixture)

CAF_TEST(an answer is kept and its tokens are paid) {
  test::scripted_server server{{good}};
  auto out = must(ask({at(server)}));
  CAF_CHECK_EQUAL(must(metadata_of(out.text)).description, "A cat.");
  CAF_CHECK_EQUAL(desk.ends(), "answered");
  CAF_CHECK_EQUAL(desk.reports[0].answer, out.text);
  CAF_CHECK_EQUAL(desk.reports[0].answer_key, desk.queries[0].answer_key);
  CAF_CHECK_EQUAL(desk.reports[0].profile_id, profile_id(at(server)));
  CAF_CHECK_EQUAL(desk.reports[0].profile, "");
  CAF_CHECK_EQUAL(out.use.tokens_in, 1000u);
  CAF_CHECK_EQUAL(out.use.tokens_out, 200u);
  CAF_CHECK_EQUAL(out.use.cost, 4500u); // 0.0025 + 0.002 in millionths
  CAF_CHECK_EQUAL(out.use.model, "m");
  CAF_CHECK(!out.use.is_cached);
}

CAF_TEST(each call is a span with its status and tokens) {
  auto list = std::make_shared<span_list>();
  span_scope job{list, list->begin(), "run"};
  desk.span = &job;
  test::scripted_server server{{refusal(500, "no"), good}};
  (void)refused(ask({at(server)}));
  (void)must(ask({at(server)}));
  CAF_REQUIRE_EQUAL(list->spans.size(), 2u);
  auto has_attribute = [&](size_t i, const char* key, const span_value& value) {
    for (const auto& [name, found] : list->spans[i].attributes)
      if (name == key)
        return found == value;
    return false;
  };
  CAF_CHECK(has(list->spans[0].problem, "no"));
  CAF_CHECK(has_attribute(0, "http.response.status_code", int64_t{500}));
  CAF_CHECK(has_attribute(0, "darkroom.call.result", "transient"));
  CAF_CHECK_EQUAL(list->spans[1].problem, "");
  CAF_CHECK_EQUAL(list->spans[1].parent_id, job.context().span_id);
  CAF_CHECK(list->spans[1].name.starts_with("call 127.0.0.1"));
  CAF_CHECK(has_attribute(1, "gen_ai.request.model", "m"));
  CAF_CHECK(has_attribute(1, "gen_ai.usage.input_tokens", int64_t{1000}));
  CAF_CHECK(has_attribute(1, "gen_ai.usage.output_tokens", int64_t{200}));
}

CAF_TEST(an attempt counts if what it has paid for would be paid again) {
  desk.most = 1;
  for (const auto& first : {completion_of("no object"), reply(413, "")}) {
    desk.queries.clear();
    test::scripted_server server{{first, good}};
    auto why = refused(ask({at(server)}));
    CAF_CHECK(why.code == ec::upstream_failed);
    CAF_CHECK(has(why.context, "would have to wait: the limit is reached"));
  }
  desk.queries.clear();
  test::scripted_server busy{{reply(429, "")}};
  CAF_CHECK(refused(ask({at(busy)})).code == ec::throttled);
}

CAF_TEST(an answer that is known costs no call) {
  test::scripted_server server{{good}};
  auto first = must(ask({at(server)}));
  desk.kept[desk.queries[0].answer_key] = first.text;
  auto second = must(ask({at(server)}));
  CAF_CHECK_EQUAL(server.requests().size(), 1u);
  CAF_CHECK_EQUAL(second.text, first.text);
  CAF_CHECK(second.use.is_cached);
  CAF_CHECK_EQUAL(second.use.cost, 0u);
  desk.kept[desk.queries[0].answer_key] = "[] of another version";
  must(ask({at(server)}));
  CAF_CHECK_EQUAL(server.requests().size(), 2u);
  CAF_CHECK_EQUAL(desk.reports.back().answer_key, desk.queries[0].answer_key);
}

CAF_TEST(the key of an answer depends on picture and language) {
  auto key = [this] {
    return vision_question(picture, language).answer_key();
  };
  auto first = key();
  CAF_CHECK_EQUAL(first.size(), 64u);
  CAF_CHECK_EQUAL(key(), first);
  language = "German";
  auto second = key();
  CAF_CHECK(second != first);
  picture.jpeg = "another";
  CAF_CHECK(key() != second);
}

CAF_TEST(a request that is refused is adapted once and for all) {
  test::scripted_server server{
    {refusal(400, "Use 'max_completion_tokens' instead.", "max_tokens"),
     refusal(400, "no system role"), refusal(422, "no", "response_format"),
     good}};
  must(ask({at(server)}));
  CAF_CHECK_EQUAL(desk.ends(), "adapted adapted adapted answered");
  auto last = body(server, 3);
  CAF_CHECK(!last.contains("max_tokens"));
  CAF_CHECK(last.contains("max_completion_tokens"));
  CAF_CHECK(!last.contains("temperature"));
  CAF_CHECK_EQUAL(last["messages"].size(), 1u);
  CAF_CHECK_EQUAL(last["response_format"]["type"], "json_object");
  CAF_CHECK(has(last["messages"][0]["content"][0]["text"], "JSON schema"));
  desk.reports.clear();
  must(ask({at(server)}));
  CAF_CHECK_EQUAL(desk.ends(), "answered");
}

CAF_TEST(four refused calls are enough) {
  test::scripted_server server{{refusal(400, "no", "max_tokens"),
                                refusal(400, "no", "response_format"),
                                refusal(400, "no", "max_completion_tokens"),
                                refusal(400, "still no 'detail'")}};
  auto why = refused(ask({at(server)}));
  CAF_CHECK(why.code == ec::upstream_refused);
  CAF_CHECK(has(why.context, "still no 'detail'"));
  CAF_CHECK_EQUAL(desk.ends(), "adapted adapted adapted refused");
}

CAF_TEST(a refusal about something else is final at once) {
  test::scripted_server server{{refusal(400, "I do not like it")}};
  auto why = refused(ask({at(server)}));
  CAF_CHECK(why.code == ec::upstream_refused);
  CAF_CHECK(has(why.context, "answered 400 \"I do not like it\""));
  CAF_CHECK_EQUAL(desk.ends(), "refused");
}

CAF_TEST(a picture that is too large is halved once) {
  test::scripted_server server{{reply(413, ""), good}};
  must(ask({at(server)}));
  CAF_CHECK_EQUAL(halved, 1);
  CAF_CHECK(server.requests()[0].find("anBlZw==") != std::string::npos);
  CAF_CHECK(server.requests()[1].find("aGFsZg==") != std::string::npos);
  test::scripted_server stubborn{{reply(413, "")}};
  CAF_CHECK(refused(ask({at(stubborn)})).code == ec::upstream_refused);
  CAF_CHECK_EQUAL(stubborn.requests().size(), 2u);
}

CAF_TEST(a malformed answer gets one turn to repair it) {
  test::scripted_server server{{completion_of("It is a cat."), good}};
  must(ask({at(server)}));
  CAF_CHECK_EQUAL(desk.ends(), "bad_answer answered");
  auto repair = body(server, 1);
  auto& turns = repair["messages"];
  CAF_REQUIRE_EQUAL(turns.size(), 4u);
  CAF_CHECK_EQUAL(turns[2]["content"], "It is a cat.");
  CAF_CHECK(has(turns[3]["content"], "cannot be used"));
  test::scripted_server stubborn{{completion_of("It is a cat.")}};
  auto why = refused(ask({at(stubborn)}));
  CAF_CHECK(why.code == ec::upstream_refused);
  CAF_CHECK(has(why.context, "It is a cat."));
  CAF_CHECK_EQUAL(stubborn.requests().size(), 2u);
}

CAF_TEST(an answer that is cut off gets twice the tokens from then on) {
  test::scripted_server server{
    {completion_of("{\"description\":\"A c", "length"), good}};
  must(ask({at(server)}));
  must(ask({at(server)}));
  int call = 0;
  for (auto tokens : {1500, 3000, 3000}) {
    auto asked = body(server, call++);
    CAF_CHECK_EQUAL(asked["max_tokens"], tokens);
  }
  test::scripted_server whole{
    {completion_of("{\"description\":\"A cat.\"}", "length")}};
  must(ask({at(whole)}));
  CAF_CHECK_EQUAL(whole.requests().size(), 1u);
}

CAF_TEST(what is no JSON at all is quoted) {
  test::scripted_server server{
    {reply(200, "<html>Log in</html>", "Content-Type: text/html\r\n")}};
  auto why = refused(ask({at(server)}));
  CAF_CHECK(why.code == ec::upstream_refused);
  CAF_CHECK(has(why.context, "200 text/html \"<html>Log in</html>\""));
  CAF_CHECK_EQUAL(server.requests().size(), 2u);
}

CAF_TEST(a model that declines is not asked again) {
  for (auto text :
       {"I'm sorry, I can't help with that.", "I cannot do this."}) {
    test::scripted_server server{{completion_of(text)}};
    CAF_CHECK(refused(ask({at(server)})).code == ec::upstream_refused);
    CAF_CHECK_EQUAL(server.requests().size(), 1u);
  }
  test::scripted_server filtered{
    {completion_of(R"({"description":"x"})", "content_filter")}};
  CAF_CHECK(refused(ask({at(filtered)})).code == ec::upstream_refused);
  CAF_CHECK_EQUAL(filtered.requests().size(), 1u);
}

CAF_TEST(the next provider of the list is asked where the first is unusable) {
  test::scripted_server first{{refusal(401, "bad key sk-secret-1")}};
  test::scripted_server second{{good}};
  auto out = must(ask({at(first), at(second)}));
  CAF_CHECK_EQUAL(out.use.provider, 1u);
  CAF_CHECK_EQUAL(desk.ends(), "unusable answered");
  CAF_CHECK(!has(desk.reports[0].words, "secret"));
  CAF_CHECK(has(desk.reports[0].words, "check the API key"));
}

CAF_TEST(a local model at the end of the list is named without an answer) {
  test::scripted_server first{{reply(429, "", "Retry-After: 7\r\n")}};
  provider_settings local;
  local.kind = "local";
  auto out = must(ask({at(first), local}));
  CAF_CHECK_EQUAL(out.text, "");
  CAF_CHECK_EQUAL(out.use.provider, 1u);
  CAF_CHECK_EQUAL(desk.reports[0].wait_ms, 7000);
  CAF_CHECK_EQUAL(must(ask({local})).text, "");
}

CAF_TEST(a failure that may pass ends the attempt) {
  test::scripted_server first{{reply(500, "boom")}};
  test::scripted_server second{{good}};
  auto why = refused(ask({at(first), at(second)}));
  CAF_CHECK(why.code == ec::upstream_failed);
  CAF_CHECK_EQUAL(desk.ends(), "transient");
  CAF_CHECK(second.requests().empty());
}

CAF_TEST(a kept connection that was closed costs one more booked call) {
  test::scripted_server server{{good, "", good}};
  vision_question question(picture, "");
  http_client client;
  provider_list list{at(server)};
  provider_access with{list, client, desk};
  must(ask_provider(question, with));
  must(ask_provider(question, with));
  CAF_CHECK_EQUAL(server.requests().size(), 3u);
  CAF_CHECK_EQUAL(desk.queries.size(), 3u);
  CAF_CHECK_EQUAL(desk.ends(), "answered transient answered");
}

CAF_TEST(an open desk asks no provider twice that wants to wait) {
  open_desk open;
  test::scripted_server server{{reply(429, "", "Retry-After: 7\r\n")}};
  vision_question question(picture, "");
  http_client client;
  provider_list list{at(server)};
  auto why = refused(ask_provider(question, {list, client, open, nullptr, [] {
                                               return 1.0;
                                             }}));
  CAF_CHECK(why.code == ec::throttled);
  CAF_CHECK_EQUAL(why.retry_after_ms, 7700);
  CAF_CHECK_EQUAL(server.requests().size(), 1u);
}

CAF_TEST(a stopped job makes no call) {
  test::scripted_server server{{good}};
  vision_question question(picture, "");
  http_client client;
  provider_list list{at(server)};
  std::atomic<bool> cancel = true;
  auto why = refused(ask_provider(question, {list, client, desk, &cancel}));
  CAF_CHECK(why.code == ec::cancelled);
  CAF_CHECK(server.requests().empty());
  CAF_CHECK_EQUAL(desk.ends(), "not_made");
}

CAF_TEST_FIXTURE_SCOPE_END()
