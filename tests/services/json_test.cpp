#define CAF_SUITE json

#include "services/json/json.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

std::string text(const std::string& json) {
  return must(parse_json(json)).get<std::string>();
}

const std::string replaced = "\xEF\xBF\xBD"; // U+FFFD

} // namespace

CAF_TEST(strict JSON is read as it is) {
  auto x = must(parse_json(R"({"a":[1,2.5,"ü",null,true]})"));
  CAF_CHECK_EQUAL(x.dump(), R"({"a":[1,2.5,"ü",null,true]})");
}

CAF_TEST(pairs of surrogates are one letter) {
  CAF_CHECK_EQUAL(text(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  CAF_CHECK_EQUAL(text(R"("\uD83D\uDE00\ud800")"),
                  "\xF0\x9F\x98\x80" + replaced);
}

CAF_TEST(lone surrogates are replaced) {
  CAF_CHECK_EQUAL(text(R"("a\ud800b")"), "a" + replaced + "b");
  CAF_CHECK_EQUAL(text(R"("\uDFFF")"), replaced);
  CAF_CHECK_EQUAL(text(R"("\ud800\ud83d\ude00")"),
                  replaced + "\xF0\x9F\x98\x80");
  CAF_CHECK_EQUAL(text(R"("\ude00\ud83d")"), replaced + replaced);
  CAF_CHECK_EQUAL(text(R"("\ud800\n")"), replaced + "\n");
  CAF_CHECK_EQUAL(text(R"("\ud800\u0041")"), replaced + "A");
}

CAF_TEST(lone surrogates in names are replaced) {
  auto x = must(parse_json(R"({"\ud800":1})"));
  CAF_CHECK_EQUAL(x.value(replaced, 0), 1);
}

CAF_TEST(an escaped backslash begins no surrogate) {
  CAF_CHECK_EQUAL(text(R"("\\ud800\ud800")"), "\\ud800" + replaced);
  CAF_CHECK_EQUAL(text(R"("\\\ud800")"), "\\" + replaced);
}

CAF_TEST(what is not JSON is an error with its place) {
  for (auto bad : {"", "{", "{\"a\":}", "\"\\ud8\"", "\"\\ud80", "\"\\", "nul",
                   "[1,]", "\"\xff\"", "{} x"}) {
    auto why = refused(parse_json(bad));
    CAF_CHECK(why.code == ec::bad_input);
    CAF_CHECK(has(why.context, "not valid JSON"));
    CAF_CHECK(has(why.context, "column"));
  }
}

CAF_TEST(a number that no double holds is an error) {
  auto why = refused(parse_json(R"({"a":1e999})"));
  CAF_CHECK(why.code == ec::bad_input);
  CAF_CHECK(has(why.context, "1e999"));
}

CAF_TEST(nesting is read up to its limit) {
  auto nested = [](size_t depth, const std::string& in = "") {
    return std::string(depth, '[') + in + std::string(depth, ']');
  };
  CAF_CHECK(parse_json(nested(max_json_depth - 1)));
  auto most = must(parse_json(nested(max_json_depth)));
  CAF_CHECK_EQUAL(write_json(most), nested(max_json_depth));
  for (size_t depth : {max_json_depth + 1, size_t{80000}, size_t{5000000}}) {
    auto why = refused(parse_json(nested(depth)));
    CAF_CHECK(why.code == ec::bad_input);
    CAF_CHECK(has(why.context, "more than 500 arrays and objects"));
  }
}

CAF_TEST(objects are nested as arrays are) {
  std::string deep = "1";
  for (size_t i = 0; i < max_json_depth + 1; ++i)
    deep = R"({"a":)" + deep + "}";
  CAF_CHECK(!parse_json(deep));
  CAF_CHECK(parse_json(deep.substr(5, deep.size() - 6)));
}

CAF_TEST(brackets beside each other or in texts are not nested) {
  std::string flat = "[";
  for (size_t i = 0; i < max_json_depth * 2; ++i)
    flat += "[],";
  CAF_CHECK(parse_json(flat + "{}]"));
  CAF_CHECK(parse_json('"' + std::string(10000, '[') + '"'));
  CAF_CHECK(parse_json(R"("\")" + std::string(10000, '{') + '"'));
  CAF_CHECK(!parse_json(R"(["\",)" + std::string(10000, '{')));
}

CAF_TEST(what was not closed is no danger) {
  CAF_CHECK(!parse_json(std::string(100000, '[')));
  CAF_CHECK(!parse_json(std::string(100000, ']')));
  CAF_CHECK(!parse_json("\\" + std::string(100000, '[')));
}

CAF_TEST(an error has no number of a library) {
  CAF_CHECK(!has(refused(parse_json("{")).context, "json.exception"));
  CAF_CHECK(!has(refused(parse_json("1e999")).context, "json.exception"));
}

CAF_TEST(written JSON is always text) {
  CAF_CHECK_EQUAL(write_json({{"a", "\xff/"}}),
                  "{\"a\":\"" + replaced + "/\"}");
  CAF_CHECK_EQUAL(write_json("\xED\xA0\x80").find('\xED'), std::string::npos);
}

CAF_TEST(a text member is a string or empty) {
  auto x = must(parse_json(R"({"a":"x","b":1,"c":null})"));
  CAF_CHECK_EQUAL(text_member(x, "a"), "x");
  CAF_CHECK_EQUAL(text_member(x, "b"), "");
  CAF_CHECK_EQUAL(text_member(x, "c"), "");
  CAF_CHECK_EQUAL(text_member(x, "d"), "");
  CAF_CHECK_EQUAL(text_member(nlohmann::json::array(), "a"), "");
}
