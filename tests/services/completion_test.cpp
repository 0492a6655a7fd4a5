#define CAF_SUITE completion

#include "services/provider/completion.hpp"
#include "services/provider/find_object.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

using texts = std::vector<std::string>;

completion read(const std::string& body) {
  auto value = read_body(body);
  if (!value)
    CAF_FAIL("that is no body: " << body);
  return read_completion(*value);
}

struct row {
  const char* body;
  texts said;
};

const row rows[] = {
  {R"({"choices":[{"message":{"content":"a"}}]})", {"a"}},
  {R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},)"
   R"({"type":"text","text":"b"}]}}]})",
   {"ab"}},
  {R"({"choices":[{"message":{"content":[{"type":"thinking","text":"hm"},)"
   R"({"type":"output_text","text":{"value":"a"}}]}}]})",
   {"a"}},
  {R"({"choices":[{"message":{"content":{"description":"x"}}}]})",
   {R"({"description":"x"})"}},
  {R"({"choices":[{"message":{"content":null,"tool_calls":[{"function":)"
   R"({"arguments":"{\"a\":1}"}}]}}]})",
   {R"({"a":1})"}},
  {R"({"choices":[{"message":{"content":"","tool_calls":[{"function":)"
   R"({"arguments":{"a":1}}}]}}]})",
   {R"({"a":1})"}},
  {R"({"choices":[{"message":{"function_call":{"arguments":"a"}}}]})", {"a"}},
  {R"({"choices":[{"message":{"content":" ","reasoning_content":"r"}}]})",
   {"r"}},
  {R"({"choices":[{"message":{"content":"a","reasoning":"r"}}]})", {"a", "r"}},
  {R"({"choices":[{"text":"a"}]})", {"a"}},
  {R"({"message":{"content":"a"},"done_reason":"stop"})", {"a"}},
  {R"({"response":"a"})", {"a"}},
  {R"({"choices":[]})", {}},
  {R"({"choices":[null]})", {}},
  {R"({"choices":[{"message":7}]})", {}},
  {R"({"choices":{"a":1}})", {}},
  {"[1]", {}},
};

std::string found(const std::string& text) {
  auto object = find_object(text, [](const nlohmann::json& x) {
    return x.contains("description");
  });
  return object ? object->dump() : "";
}

const std::string plain = R"({"description":"x"})";

} // namespace

CAF_TEST(the answer is taken from wherever it stands) {
  for (const auto& x : rows) {
    CAF_MESSAGE(x.body);
    CAF_CHECK_EQUAL(read(x.body).texts, x.said);
  }
}

CAF_TEST(refusals filters and cut answers are told) {
  CAF_CHECK_EQUAL(read(R"({"choices":[{"message":{"refusal":"no"}}]})").refusal,
                  "no");
  CAF_CHECK_EQUAL(read(
                    R"({"choices":[{"message":{"content":[{"type":"refusal",)"
                    R"("refusal":"no"}]}}]})")
                    .refusal,
                  "no");
  for (auto end : {"content_filter", "SAFETY"})
    CAF_CHECK(
      read(R"({"choices":[{"finish_reason":")" + std::string(end) + R"("}]})")
        .is_filtered);
  CAF_CHECK(read(R"({"choices":[{"finish_reason":"length"}]})").is_cut_off);
  auto usual = read(R"({"choices":[{"finish_reason":"stop"}]})");
  CAF_CHECK(!usual.is_cut_off && !usual.is_filtered && usual.refusal.empty());
}

CAF_TEST(an event stream nobody asked for is one answer) {
  auto stream = ": hello\n\n"
                "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n"
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\n"
                "data:{\"choices\":[{\"delta\":{\"content\":\"b\"},"
                "\"finish_reason\":\"length\"}]}\n\n"
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n"
                "data: [DONE]\n\n";
  auto said = read(stream);
  CAF_CHECK_EQUAL(said.texts, texts{"ab"});
  CAF_CHECK(said.is_cut_off);
  CAF_CHECK_EQUAL(read_tokens(*read_body(stream)).in, 3u);
  auto calls = read("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{"
                    "\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}}]}\n"
                    "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{"
                    "\"function\":{\"arguments\":\":1}\"}}]}}]}\n");
  CAF_CHECK_EQUAL(calls.texts, texts{"{\"a\":1}"});
}

CAF_TEST(what is neither JSON nor a stream is no body) {
  for (auto text : {"", "<html>", "hello", "7", "\"x\"", "{"})
    CAF_CHECK(!read_body(text));
}

CAF_TEST(tokens are counted in all forms of usage) {
  auto of = [](const char* text) {
    auto x = read_tokens(*read_body(text));
    return std::to_string(x.in) + "/" + std::to_string(x.out);
  };
  CAF_CHECK_EQUAL(of(R"({"usage":{"prompt_tokens":5,"completion_tokens":7}})"),
                  "5/7");
  CAF_CHECK_EQUAL(of(R"({"usage":{"input_tokens":5,"output_tokens":7}})"),
                  "5/7");
  CAF_CHECK_EQUAL(of(R"({"prompt_eval_count":5,"eval_count":7})"), "5/7");
  CAF_CHECK_EQUAL(of(R"({"usage":{"prompt_tokens":-5}})"), "0/0");
  CAF_CHECK_EQUAL(of(R"({"usage":{"prompt_tokens":1e300}})"), "1000000000/0");
  CAF_CHECK_EQUAL(of(R"({"usage":"many"})"), "0/0");
}

CAF_TEST(an object is found in whatever is around it) {
  for (const auto& text :
       texts{plain, " \n" + plain + " ", "```json\n" + plain + "\n```",
             "Here it is: " + plain + " I hope that helps {really}.",
             "<think>a {draft}</think>" + plain,
             "<think>{\"description\":\"draft\"}</think>" + plain,
             "draft</think>\n```\n" + plain + "```",
             "First {\"a\":1}, then " + plain, "[" + plain + "]",
             "{\"result\":" + plain + "}", "{\"data\":[" + plain + "]}",
             "{\"name\":\"f\",\"arguments\":" + plain + "}",
             nlohmann::json(plain).dump(),
             nlohmann::json(nlohmann::json(plain).dump()).dump(),
             "{\"answer\":" + nlohmann::json(plain).dump() + "}",
             "{description:'x',}", "a {b} {c} " + plain,
             "{\"description\":\"x\"} {\"description\":\"second\"}",
             "it is {" + plain}) {
    CAF_MESSAGE(text);
    CAF_CHECK_EQUAL(found(text), plain);
  }
}

CAF_TEST(no object is found where there is none) {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string("{\"a\":1}"),
        std::string("{\"description\":\"x"), std::string("{}"),
        std::string(1000, '{'), std::string(100'000, '['),
        std::string("\"{\\\"a\\\":1}\"")})
    CAF_CHECK_EQUAL(found(text), "");
}
