#define CAF_SUITE codec_colour

#include "tests/support/odd_pictures.hpp"

#include <array>
#include <cmath>

using namespace darkroom;
using namespace darkroom::test;

namespace {

using rgb = std::array<int, 3>;

struct row {
  const char* name;
  rgb colour; // what sharp 0.35.5 makes of it
};

constexpr row of_one_colour[] = {
  {"cmyk-k100.jpg", {20, 5, 0}},
  {"cmyk-all400.jpg", {0, 0, 0}},
  {"cmyk-c100.jpg", {0, 153, 227}},
  {"cmyk-m100.jpg", {234, 0, 128}},
  {"cmyk-mix.jpg", {160, 102, 132}},
  {"cmyk-paper.jpg", {255, 255, 255}},
  {"cmyk-plain.jpg", {160, 102, 132}}, // without Adobe's segment
  {"ycck-k100.jpg", {20, 5, 0}},
  {"ycck-all400.jpg", {0, 0, 0}},
  {"ycck-c100.jpg", {0, 154, 227}},
  {"ycck-mix.jpg", {160, 102, 132}},
  {"icc-broken-cmyk.jpg", {160, 102, 132}},
  {"icc-broken-rgb.jpg", {100, 150, 200}},
  {"icc-broken-grey.jpg", {200, 200, 200}},
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_colour_tests, odd_pictures_fixture)

CAF_TEST(ink without a profile that can be used has the colours of print) {
  for (auto& x : of_one_colour) {
    auto small = must_read(folder / x.name).small;
    for (size_t k = 0; k < 3; ++k) {
      CAF_MESSAGE(x.name << " " << k << ": " << int{small.pixels[k]});
      CAF_CHECK(std::abs(small.pixels[k] - x.colour[k]) <= 1);
    }
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
