#define CAF_SUITE catalog_words

#include "services/catalog/words.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

using list = std::vector<std::string>;

} // namespace

CAF_TEST(words are runs of letters and digits and each comes once) {
  CAF_CHECK(
    (words_of("A red, red bike (2024)!") == list{"A", "red", "bike", "2024"}));
  CAF_CHECK((words_of("caf\xc3\xa9\xe2\x80\xa6na\xc3\xafve")
             == list{"caf\xc3\xa9", "na\xc3\xafve"}));
  CAF_CHECK(words_of("").empty());
  CAF_CHECK(words_of(" \"*-+^:(){}'\\").empty());
}

CAF_TEST(no character of a stranger is an operator) {
  CAF_CHECK_EQUAL(any_word_of("red\" OR 1=1 -- NEAR(a b)*"),
                  R"("red" OR "OR" OR "1" OR "NEAR" OR "a" OR "b")");
  CAF_CHECK_EQUAL(all_words_of("tags:x -y"), R"("tags" "x" "y")");
  CAF_CHECK_EQUAL(any_word_of("\xff\xfe\0z"), "");
  CAF_CHECK_EQUAL(any_word_of("\xff red"), "\"red\"");
}

CAF_TEST(a query is bounded) {
  std::string many;
  for (auto i = 0; i < 100; ++i)
    many += std::to_string(i) + " ";
  CAF_CHECK_EQUAL(words_of(many).size(), 32u);
  CAF_CHECK_EQUAL(words_of(std::string(1000, 'x')).at(0).size(), 64u);
}

CAF_TEST(words to filter by are trimmed and in lower case) {
  CAF_CHECK_EQUAL(filter_word("  Red Bike "), "red bike");
  CAF_CHECK_EQUAL(filter_word("\xc3\x89t\xc3\xa9"), "\xc3\x89t\xc3\xa9");
  CAF_CHECK_EQUAL(filter_word("   "), "");
}
