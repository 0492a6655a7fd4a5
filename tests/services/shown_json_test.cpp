#define CAF_SUITE shown_json

#include "services/json/json.hpp"
#include "services/text/shown_json.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

CAF_TEST(what a terminal obeys is escaped and means the same) {
  nlohmann::json value{{"a", "\xc2\x85\xc2\x9b\x7f\x1b[2J"},
                       {"\xe2\x80\xae", "\xf3\xa0\x80\x81"}};
  auto text = shown_json(value);
  CAF_CHECK_EQUAL(text, "{\"a\":\"\\u0085\\u009b\\u007f\\u001b[2J\","
                        "\"\\u202e\":\"\\udb40\\udc01\"}");
  CAF_CHECK(must(parse_json(text)) == value);
}

CAF_TEST(other text stays as it is) {
  nlohmann::json value{{"a", "Käse, 写真, 🐱 \"quoted\" \\ back"}};
  CAF_CHECK_EQUAL(shown_json(value), write_json(value));
  CAF_CHECK_EQUAL(shown_json("\xff"), "\"\xef\xbf\xbd\"");
}
