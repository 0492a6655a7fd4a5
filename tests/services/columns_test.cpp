#define CAF_SUITE columns

#include "services/terminal/progress_bar.hpp"
#include "services/text/columns.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using std::chrono::milliseconds;

CAF_TEST(a character takes a column however many bytes it has) {
  CAF_CHECK_EQUAL(columns_of(""), 0u);
  CAF_CHECK_EQUAL(columns_of("abc"), 3u);
  CAF_CHECK_EQUAL(columns_of("äöü…"), 4u);
}

CAF_TEST(a text is clipped just beyond its columns) {
  CAF_CHECK_EQUAL(clipped("abc", 3), "abc");
  CAF_CHECK_EQUAL(clipped("abcd", 3), "ab…");
  CAF_CHECK_EQUAL(clipped("äöüß", 3), "äö…");
  CAF_CHECK_EQUAL(clipped("ab", 1), "…");
  CAF_CHECK_EQUAL(clipped("ab", 0), "");
  CAF_CHECK_EQUAL(clipped("", 0), "");
}

CAF_TEST(a text is padded to its columns) {
  CAF_CHECK_EQUAL(padded("ä", 3), "ä  ");
  CAF_CHECK_EQUAL(padded("äöü", 3), "äöü");
  CAF_CHECK_EQUAL(padded("äöüß", 3), "äö…");
}

CAF_TEST(a progress line tells how much is done and how long the rest takes) {
  CAF_CHECK_EQUAL(progress_line(0, 5, "picture", milliseconds{10}),
                  "[------------------------] 0 of 5 pictures");
  CAF_CHECK_EQUAL(progress_line(2, 4, "job", milliseconds{2500}),
                  "[############------------] 2 of 4 jobs, about 3 s left");
  CAF_CHECK_EQUAL(progress_line(1, 1, "job", milliseconds{2500}),
                  "[########################] 1 of 1 job");
  CAF_CHECK_EQUAL(progress_line(9, 4, "job", milliseconds{1}),
                  "[########################] 4 of 4 jobs");
  CAF_CHECK_EQUAL(progress_line(3, 0, "job", milliseconds{1}), "3 jobs so far");
}
