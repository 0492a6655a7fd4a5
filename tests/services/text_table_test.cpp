#define CAF_SUITE text_table

#include "config/words.hpp"
#include "services/text/text_table.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

using lines = std::vector<std::string>;

CAF_TEST(columns are as wide as what is in them) {
  text_table table{{"id", "name", "data"}};
  table.add({"1", "a", "{}"});
  table.add({"1000", "généra", ""});
  table.add({"2", "b", "x"});
  CAF_CHECK_EQUAL(table.lines(),
                  (lines{"id    name    data", "1     a       {}",
                         "1000  généra", "2     b       x"}));
}

CAF_TEST(a table without rows is empty) {
  CAF_CHECK_EQUAL(text_table({"id"}).lines(), lines{});
}

CAF_TEST(no cell adds a line or moves the cursor) {
  text_table table{{"id", "name"}};
  table.add({"a\r\n\x1b[2J", "b\nc\xff"});
  CAF_CHECK_EQUAL(table.lines(),
                  (lines{"id            name", R"(a\r\n\x1b[2J  b\nc\xff)"}));
}

CAF_TEST(a cell is bounded and the last one may be longer) {
  text_table table{{"id", "name"}};
  table.add({std::string(5000, 'a'), std::string(5000, 'b')});
  auto all = table.lines();
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK(all[1].size()
            <= text_table::longest_cell + text_table::longest_last + 2);
  CAF_CHECK(all[1].size() > text_table::longest_last);
}

CAF_TEST(lines fit and the last column gives way first) {
  text_table table{{"id", "name", "data"}};
  table.add({"1", "générateur", "{\"imageId\": \"a long one\"}"});
  auto wide = table.lines(30);
  auto narrow = table.lines(22);
  CAF_CHECK_EQUAL(wide[1], "1   générateur  {\"imageId\": \"…");
  CAF_CHECK_EQUAL(narrow[1], "1   générat…  {\"image…");
  CAF_CHECK_EQUAL(table.lines(1000), table.lines());
  CAF_CHECK_EQUAL(table.lines(1).size(), 2u);
}

CAF_TEST(one is one job and others are jobs) {
  CAF_CHECK_EQUAL(counted(0, "job"), "0 jobs");
  CAF_CHECK_EQUAL(counted(1, "job"), "1 job");
  CAF_CHECK_EQUAL(counted(2, "job"), "2 jobs");
}
