#include "services/marks/picture_marks.hpp"

#include "services/marks/blur_hash.hpp"
#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>

namespace darkroom {

namespace {

constexpr int sample_edge = 32;   // px
constexpr int frequency_edge = 8; // 8x8 frequencies are 64 bits
constexpr uint32_t components_x = 4;
constexpr uint32_t components_y = 3;

// Rounding to 8 bit moves each frequency by about this much. A plain picture
// has nothing else.
constexpr float noise = 1;

using frequencies = std::array<float, size_t{frequency_edge} * frequency_edge>;

/// Refers to the pixels, which must outlive the result.
cv::Mat rgb_of(const raw_picture& x) {
  return {static_cast<int>(x.height), static_cast<int>(x.width), CV_8UC3,
          const_cast<uint8_t*>(x.pixels.data())};
}

frequencies lowest_frequencies(const raw_picture& small) {
  cv::Mat grey, square, samples, all;
  cv::cvtColor(rgb_of(small), grey, cv::COLOR_RGB2GRAY);
  cv::resize(grey, square, {sample_edge, sample_edge}, 0, 0, cv::INTER_AREA);
  square.convertTo(samples, CV_32F);
  cv::dct(samples, all);
  frequencies out{};
  auto to = out.begin();
  for (auto y = 0; y < frequency_edge; ++y)
    for (auto x = 0; x < frequency_edge; ++x) {
      auto value = all.at<float>(y, x);
      // OpenCV scales the first row and column down, SciPy does not.
      for (auto at : {x, y})
        if (at == 0)
          value *= std::sqrt(2.0f);
      *to++ = std::abs(value) < noise ? 0 : value;
    }
  return out;
}

float median_of(frequencies values) {
  auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

std::string dominant_color(const raw_picture& small) {
  cv::Mat bgr;
  cv::cvtColor(rgb_of(small), bgr, cv::COLOR_RGB2BGR);
  return find_colors(bgr).front().hex;
}

std::string perceptual_hash(const raw_picture& small) {
  auto values = lowest_frequencies(small);
  auto median = median_of(values);
  uint64_t bits = 0;
  for (auto value : values)
    bits = bits << 1 | (value > median ? 1 : 0);
  char text[17];
  std::snprintf(text, sizeof(text), "%016" PRIx64, bits);
  return text;
}

picture_marks marks_of(const raw_picture& small) {
  return {blur_hash(small, components_x, components_y), dominant_color(small),
          perceptual_hash(small)};
}

} // namespace darkroom
