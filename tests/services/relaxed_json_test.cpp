#define CAF_SUITE relaxed_json

#include "services/json/relaxed_json.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

std::string read(const std::string& text) {
  return must(parse_relaxed_json(text)).dump();
}

struct row {
  const char* text;
  const char* json; ///< what it means
};

const row rows[] = {
  {R"({"a":1})", R"({"a":1})"},
  {"\xef\xbb\xbf{\"a\":1}", R"({"a":1})"},
  {R"({"a":1,})", R"({"a":1})"},
  {R"([1,2,/* last */])", "[1,2]"},
  {"{\"a\":1, // one\n\"b\":2}", R"({"a":1,"b":2})"},
  {R"({a:1,b_2:'x'})", R"({"a":1,"b_2":"x"})"},
  {R"({'a':'say "hi"'})", R"({"a":"say \"hi\""})"},
  {R"({"a":NaN,"b":-Infinity,"c":1e999,"d":+1})",
   R"({"a":null,"b":null,"c":null,"d":1})"},
  {R"({"a":True,"b":None,"c":undefined})", R"({"a":true,"b":null,"c":null})"},
  {"{\"a\":\"two\nlines\tand a tab\"}", R"({"a":"two\nlines\tand a tab"})"},
  {R"({"a":"it\'s 5\_000"})", R"({"a":"it's 5_000"})"},
  {"{\"a\":\"\xff\"}", "{\"a\":\"\xef\xbf\xbd\"}"},
  {R"({"a":"\ud83d"})", "{\"a\":\"\xef\xbf\xbd\"}"},
  {R"({"a":"http://x","b":"/* no */"})", R"({"a":"http://x","b":"/* no */"})"},
};

} // namespace

CAF_TEST(mistakes of models are read as they were meant) {
  for (const auto& x : rows)
    CAF_CHECK_EQUAL(read(x.text), x.json);
}

CAF_TEST(what is cut off or no JSON stays an error) {
  for (auto text :
       {"", "{", "{\"a\":", "{\"a\":\"x", "hello", "{]", "[1 2]", "/*", "'"})
    CAF_CHECK(!parse_relaxed_json(text));
}

CAF_TEST(a value that is too deep is refused) {
  std::string deep(100'000, '[');
  auto why = refused(parse_relaxed_json(deep));
  CAF_CHECK(has(why.context, "in each other"));
}

CAF_TEST(a long text of mistakes takes time in proportion to its length) {
  std::string text = "[";
  for (int i = 0; i < 20'000; ++i)
    text += "a /* b */ , // c\n";
  CAF_CHECK(as_strict_json(text).size() < text.size());
}
