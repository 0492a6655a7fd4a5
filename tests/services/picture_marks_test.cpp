#define CAF_SUITE picture_marks

#include "services/marks/blur_hash.hpp"
#include "services/marks/picture_marks.hpp"
#include "tests/support/test.hpp"

#include <bitset>
#include <functional>

using namespace darkroom;

namespace {

using painter = std::function<std::array<uint8_t, 3>(uint32_t x, uint32_t y)>;

raw_picture painted(uint32_t width, uint32_t height, const painter& paint) {
  raw_picture out{width, height, {}};
  for (uint32_t y = 0; y < height; ++y)
    for (uint32_t x = 0; x < width; ++x)
      for (auto channel : paint(x, y))
        out.pixels.push_back(channel);
  return out;
}

raw_picture plain(uint32_t width, uint32_t height, std::array<uint8_t, 3> rgb) {
  return painted(width, height, [rgb](uint32_t, uint32_t) { return rgb; });
}

// A disc on a slope; `scale` is pixels per unit of 1/64 of the picture.
raw_picture scene(uint32_t width, uint32_t height, uint8_t shift = 0) {
  return painted(width, height, [=](uint32_t x, uint32_t y) {
    auto u = (x + 0.5) / width;
    auto v = (y + 0.5) / height;
    auto is_disc = (u - .3) * (u - .3) + (v - .6) * (v - .6) < .04;
    auto base = static_cast<uint8_t>((is_disc ? 210 : 30 + 90 * u * v) + shift);
    return std::array<uint8_t, 3>{base, static_cast<uint8_t>(base / 2), 40};
  });
}

size_t bits_between(const raw_picture& a, const raw_picture& b) {
  auto bits = [](const raw_picture& x) {
    return std::bitset<64>{std::stoull(perceptual_hash(x), nullptr, 16)};
  };
  return (bits(a) ^ bits(b)).count();
}

} // namespace

CAF_TEST(the BlurHash of one white pixel is the one that everybody computes) {
  std::string rest;
  for (auto i = 0; i < 11; ++i)
    rest += "~q";
  CAF_CHECK_EQUAL(blur_hash(plain(1, 1, {255, 255, 255}), 4, 3),
                  "L~TSUA" + rest);
  CAF_CHECK_EQUAL(blur_hash(plain(1, 1, {0, 0, 0}), 1, 1), "000000");
}

CAF_TEST(any size and shape has all marks) {
  for (auto [width, height] :
       {std::pair{1u, 1u}, {64u, 1u}, {1u, 64u}, {2u, 3u}, {64u, 64u}}) {
    auto marks = marks_of(plain(width, height, {200, 30, 40}));
    CAF_CHECK_EQUAL(marks.blur_hash.size(), 28u);
    CAF_CHECK_EQUAL(marks.dominant_color, "#c81e28");
    CAF_CHECK_EQUAL(marks.perceptual_hash, "8000000000000000");
  }
}

CAF_TEST(the dominant color is that of the larger area) {
  auto flag = painted(64, 40, [](uint32_t x, uint32_t) {
    return x < 20 ? std::array<uint8_t, 3>{255, 0, 0}
                  : std::array<uint8_t, 3>{0, 0, 255};
  });
  CAF_CHECK_EQUAL(dominant_color(flag), "#0000ff");
}

CAF_TEST(the perceptual hash survives scaling and a little light) {
  auto picture = scene(64, 48);
  CAF_CHECK_EQUAL(perceptual_hash(picture), perceptual_hash(scene(64, 48)));
  CAF_CHECK_LESS_OR_EQUAL(bits_between(picture, scene(48, 36)), 4u);
  CAF_CHECK_LESS_OR_EQUAL(bits_between(picture, scene(64, 48, 6)), 4u);
  auto mirrored = painted(64, 48, [](uint32_t x, uint32_t y) {
    return std::array<uint8_t, 3>{static_cast<uint8_t>((63 - x) * 4),
                                  static_cast<uint8_t>(y * 5), 0};
  });
  CAF_CHECK_GREATER(bits_between(picture, mirrored), 10u);
}
