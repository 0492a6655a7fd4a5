// The format, each number in base 83:
//
//   1 digit   components: (x - 1) + 9 (y - 1)
//   1 digit   the largest amplitude: (digit + 1) / 166
//   4 digits  the mean color: red << 16 | green << 8 | blue, sRGB
//   2 digits  each other component: three amplitudes of 19 steps, linear light
#include "services/marks/blur_hash.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace darkroom {

namespace {

constexpr char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                          "abcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
constexpr uint32_t base = 83;
constexpr double amplitude_steps = 166;
constexpr double largest_digit = 82;
constexpr double pi = 3.14159265358979323846;

/// Red, green and blue in linear light, 0 to 1; or their amplitudes.
using color = std::array<double, 3>;

void put(std::string& to, uint32_t value, int length) {
  std::string text(static_cast<size_t>(length), '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, value /= base)
    *at = digits[value % base];
  to += text;
}

double to_linear(uint8_t value) {
  auto x = value / 255.0;
  return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

uint32_t to_srgb(double linear) {
  auto x = std::clamp(linear, 0.0, 1.0);
  auto shown = x <= 0.0031308 ? x * 12.92
                              : 1.055 * std::pow(x, 1 / 2.4) - 0.055;
  return static_cast<uint32_t>(std::lround(shown * 255));
}

/// The cosines of one axis: `frequency` half waves over `length` pixels.
std::vector<double> wave(uint32_t frequency, uint32_t length) {
  std::vector<double> out(length);
  for (uint32_t i = 0; i < length; ++i)
    out[i] = std::cos(pi * frequency * i / length);
  return out;
}

std::array<double, 256> linear_table() {
  std::array<double, 256> out{};
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = to_linear(static_cast<uint8_t>(i));
  return out;
}

color amplitude_of(const raw_picture& from, uint32_t x, uint32_t y) {
  static const auto linear = linear_table();
  auto across = wave(x, from.width);
  auto down = wave(y, from.height);
  color sum{};
  auto pixel = from.pixels.begin();
  for (auto row : down)
    for (auto column : across)
      for (auto& channel : sum)
        channel += row * column * linear[*pixel++];
  auto pixels = double(from.width) * from.height;
  for (auto& channel : sum)
    channel *= (x == 0 && y == 0 ? 1 : 2) / pixels;
  return sum;
}

uint32_t step_of(double share) {
  auto root = std::copysign(std::sqrt(std::abs(share)), share);
  return static_cast<uint32_t>(
    std::clamp(std::floor(root * 9 + 9.5), 0.0, 18.0));
}

/// The digit of the largest amplitude.
uint32_t scale_of(const std::vector<color>& components) {
  auto largest = 0.0;
  for (size_t i = 1; i < components.size(); ++i)
    for (auto channel : components[i])
      largest = std::max(largest, std::abs(channel));
  return static_cast<uint32_t>(std::clamp(
    std::floor(largest * amplitude_steps - 0.5), 0.0, largest_digit));
}

} // namespace

std::string blur_hash(const raw_picture& from, uint32_t components_x,
                      uint32_t components_y) {
  std::vector<color> components;
  for (uint32_t y = 0; y < components_y; ++y)
    for (uint32_t x = 0; x < components_x; ++x)
      components.push_back(amplitude_of(from, x, y));
  auto scale = scale_of(components);
  auto largest = (scale + 1) / amplitude_steps;
  std::string out;
  put(out, components_x - 1 + (components_y - 1) * 9, 1);
  put(out, scale, 1);
  const auto& mean = components.front();
  put(out, to_srgb(mean[0]) << 16 | to_srgb(mean[1]) << 8 | to_srgb(mean[2]),
      4);
  for (size_t i = 1; i < components.size(); ++i) {
    uint32_t steps = 0;
    for (auto channel : components[i])
      steps = steps * 19 + step_of(channel / largest);
    put(out, steps, 2);
  }
  return out;
}

} // namespace darkroom
