#define CAF_SUITE hidden

#include "services/text/hidden.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(controls and what turns text are controls and hidden) {
  for (char32_t x :
       {0x0, 0x1f, 0x7f, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x202e, 0x2066,
        0x2069, 0xd800, 0xdfff, 0xfeff, 0x110000}) {
    CAF_CHECK(is_control(x));
    CAF_CHECK(is_hidden(x));
  }
}

CAF_TEST(what joins and parts words is hidden and no control) {
  for (char32_t x : {0xad, 0x180e, 0x200b, 0x200d, 0x2060, 0x2065, 0x206a,
                     0x206f, 0xfff9, 0xfffb, 0xe0000, 0xe007f}) {
    CAF_CHECK(!is_control(x));
    CAF_CHECK(is_hidden(x));
  }
}

CAF_TEST(letters and signs are shown) {
  for (char32_t x : {0x20, 0x7e, 0xa0, 0xac, 0xae, 0x61b, 0x200a, 0x2010,
                     0x2027, 0x202f, 0x205f, 0x2070, 0xd7ff, 0xe000, 0xfefe,
                     0x1f600, 0xdffff, 0xe0080, 0x10ffff})
    CAF_CHECK(!is_hidden(x));
}
