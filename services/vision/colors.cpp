#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <map>

namespace darkroom {

namespace {

constexpr int sample_edge = 64; // px: 4096 samples in 2 ms
constexpr double smallest_share = .03;
constexpr size_t most_colors = 6; // more only split one sky into several

struct named_color {
  const char* name;
  uint8_t red, green, blue;
};

/// Colors by their everyday names; a name may have several examples.
constexpr named_color palette[] = {
  {"black", 0, 0, 0},
  {"black", 22, 22, 22},
  {"dark gray", 64, 64, 64},
  {"gray", 128, 128, 128},
  {"light gray", 192, 192, 192},
  {"white", 255, 255, 255},
  {"white", 240, 240, 240},
  {"red", 255, 0, 0},
  {"red", 200, 30, 40},
  {"dark red", 120, 10, 15},
  {"orange", 255, 140, 0},
  {"orange", 225, 110, 40},
  {"brown", 122, 74, 32},
  {"dark brown", 66, 42, 24},
  {"tan", 205, 170, 125},
  {"beige", 238, 226, 205},
  {"yellow", 255, 225, 20},
  {"gold", 200, 160, 40},
  {"olive", 110, 110, 35},
  {"green", 0, 255, 0},
  {"green", 40, 140, 50},
  {"light green", 150, 210, 130},
  {"dark green", 20, 66, 32},
  {"teal", 15, 125, 125},
  {"turquoise", 64, 210, 200},
  {"turquoise", 0, 255, 255},
  {"sky blue", 130, 185, 230},
  {"blue", 0, 0, 255},
  {"blue", 35, 85, 200},
  {"navy", 18, 30, 80},
  {"slate blue", 90, 110, 140},
  {"purple", 115, 45, 160},
  {"lavender", 190, 165, 220},
  {"pink", 245, 165, 190},
  {"magenta", 255, 0, 255},
  {"magenta", 205, 30, 130},
};

/// One 8-bit sRGB color in Lab: L 0 to 100, a and b about -127 to 127.
cv::Vec3f to_lab(uint8_t red, uint8_t green, uint8_t blue) {
  cv::Mat bgr(1, 1, CV_8UC3, cv::Scalar(blue, green, red));
  cv::Mat scaled, lab;
  bgr.convertTo(scaled, CV_32F, 1 / 255.0);
  cv::cvtColor(scaled, lab, cv::COLOR_BGR2Lab);
  return lab.at<cv::Vec3f>(0, 0);
}

std::string hex_of(const cv::Vec3f& lab) {
  cv::Mat one(1, 1, CV_32FC3, cv::Scalar(lab[0], lab[1], lab[2]));
  cv::Mat bgr, bytes;
  cv::cvtColor(one, bgr, cv::COLOR_Lab2BGR);
  bgr.convertTo(bytes, CV_8U, 255);
  auto x = bytes.at<cv::Vec3b>(0, 0);
  char text[8];
  std::snprintf(text, sizeof(text), "#%02x%02x%02x", x[2], x[1], x[0]);
  return text;
}

/// The place of the nearest example in the palette.
size_t nearest_to(const cv::Vec3f& lab) {
  static const auto examples = [] {
    std::array<cv::Vec3f, std::size(palette)> all;
    for (size_t i = 0; i < all.size(); ++i)
      all[i] = to_lab(palette[i].red, palette[i].green, palette[i].blue);
    return all;
  }();
  auto nearest = std::numeric_limits<double>::max();
  size_t place = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    auto distance = cv::norm(examples[i], lab);
    if (distance < nearest) {
      nearest = distance;
      place = i;
    }
  }
  return place;
}

} // namespace

// Each sample counts for the color whose name it has. Clusters (k-means) fit
// better, but a slightly smaller copy of a picture gives others.
std::vector<color_share> find_colors(const cv::Mat& bgr) {
  cv::Mat small, scaled, lab;
  cv::resize(bgr, small, {sample_edge, sample_edge}, 0, 0, cv::INTER_AREA);
  small.convertTo(scaled, CV_32F, 1 / 255.0);
  cv::cvtColor(scaled, lab, cv::COLOR_BGR2Lab);
  struct total {
    cv::Vec3d sum;
    int count = 0;
  };
  std::map<std::string, total> totals;
  for (auto y = 0; y < sample_edge; ++y)
    for (auto x = 0; x < sample_edge; ++x) {
      const auto& sample = lab.at<cv::Vec3f>(y, x);
      auto& into = totals[palette[nearest_to(sample)].name];
      into.sum += cv::Vec3d(sample);
      ++into.count;
    }
  std::vector<color_share> colors;
  colors.reserve(totals.size());
  for (const auto& [name, x] : totals)
    colors.push_back({name, hex_of(cv::Vec3f(x.sum / x.count)),
                      x.count / double(sample_edge * sample_edge)});
  std::stable_sort(colors.begin(), colors.end(),
                   [](auto& x, auto& y) { return x.share > y.share; });
  if (colors.size() > most_colors)
    colors.resize(most_colors);
  while (colors.size() > 1 && colors.back().share < smallest_share)
    colors.pop_back();
  return colors;
}

} // namespace darkroom
