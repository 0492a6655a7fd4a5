#define CAF_SUITE printable

#include "services/text/printable.hpp"
#include "services/text/utf8.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;
using namespace std::string_literals;

CAF_TEST(what can be shown stays as it is) {
  for (auto text : {"", "photo.jpg", "C:\\x", "Zürich €😀 日本", "e\xCC\x81"})
    CAF_CHECK_EQUAL(printable(text), text);
}

CAF_TEST(control characters are escaped) {
  CAF_CHECK_EQUAL(printable("a\r\nb\tc"), "a\\r\\nb\\tc");
  CAF_CHECK_EQUAL(printable("\x1b[31m\x7f"), "\\x1b[31m\\x7f");
  CAF_CHECK_EQUAL(printable("a\0b"s), "a\\x00b");
  CAF_CHECK_EQUAL(printable("\xc2\x85"), "\\u{85}"); // next line, of C1
}

CAF_TEST(what hides text or turns it around is escaped) {
  CAF_CHECK_EQUAL(printable("\u202egpj.exe"), "\\u{202e}gpj.exe");
  CAF_CHECK_EQUAL(printable("a\u200bb\u2066c\ufeff"),
                  "a\\u{200b}b\\u{2066}c\\u{feff}");
  CAF_CHECK_EQUAL(printable("\u2027\u2028\u202f"), "\u2027\\u{2028}\u202f");
}

CAF_TEST(bytes that are no UTF - 8 are escaped) {
  CAF_CHECK_EQUAL(printable("\xff"), "\\xff");
  CAF_CHECK_EQUAL(printable("\xe2\x82"), "\\xe2\\x82"); // a euro cut short
  CAF_CHECK_EQUAL(printable("\xc0\x8a"), "\\xc0\\x8a"); // an overlong \n
  CAF_CHECK_EQUAL(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80"); // surrogate
}

CAF_TEST(a long text is cut between characters) {
  CAF_CHECK_EQUAL(printable("1234567", 6), "123…");
  CAF_CHECK_EQUAL(printable("123456", 6), "123456");
  CAF_CHECK_EQUAL(printable("12ü456", 6), "12…");
  CAF_CHECK_EQUAL(printable("12\n\n\n", 6), "12…"); // no half escapes
  CAF_CHECK_EQUAL(printable("😀😀", 4), "…");
}

CAF_TEST(UTF - 8 is read strictly) {
  auto none = U"\xfffd\xfffd\xfffd"s;
  CAF_CHECK(to_code_points("\xe0\x80\x8a") == none); // overlong
  CAF_CHECK(to_code_points("\xed\xbf\xbf") == none); // surrogate
  CAF_CHECK(to_code_points("\xf4\x90\x80\x80") == none + U'\xfffd'); // too high
  CAF_CHECK(to_code_points("\xf4\x8f\xbf\xbf") == U"\x10ffff"s);
  CAF_CHECK(to_code_points("\xed\x9f\xbf\xee\x80\x80") == U"\xd7ff\xe000"s);
}
