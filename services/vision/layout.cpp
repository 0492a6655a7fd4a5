#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>
#include <cstdio>
#include <utility>

namespace darkroom {

namespace {

constexpr int map_edge = 64;      // px, the size in the paper
constexpr int edge_ring = 5;      // px of the map, centred on its border
constexpr double flat_spread = 2; // 8-bit levels; below it nothing stands out
constexpr double square_slack = .03;
constexpr double panorama_ratio = 2;
constexpr double common_slack = .015;

/// Where the picture differs from the average of its surroundings: the part of
/// the log spectrum that a smoothed one does not explain, transformed back (Hou
/// and Zhang 2007). 64 x 64 floats.
cv::Mat saliency_map(const cv::Mat& gray) {
  cv::Mat small, spectrum;
  cv::resize(gray, small, {map_edge, map_edge}, 0, 0, cv::INTER_AREA);
  small.convertTo(small, CV_32F);
  cv::dft(small, spectrum, cv::DFT_COMPLEX_OUTPUT);
  cv::Mat parts[2], size, angle, smooth;
  cv::split(spectrum, parts);
  cv::cartToPolar(parts[0], parts[1], size, angle);
  cv::Mat logs;
  cv::log(size + 1e-3, logs);
  cv::blur(logs, smooth, {3, 3});
  cv::exp(logs - smooth, size);
  cv::polarToCart(size, angle, parts[0], parts[1]);
  cv::merge(parts, 2, spectrum);
  cv::dft(spectrum, spectrum, cv::DFT_INVERSE | cv::DFT_SCALE);
  cv::split(spectrum, parts);
  cv::magnitude(parts[0], parts[1], size);
  cv::Mat map = size.mul(size);
  cv::GaussianBlur(map, map, {9, 9}, 2.5);
  return map;
}

/// The centre of the areas that stand out more than three times the average.
void find_focal_point(const cv::Mat& bgr, layout_findings& layout) {
  cv::Mat gray, strong;
  cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
  cv::Scalar mean, spread;
  cv::meanStdDev(gray, mean, spread);
  if (spread[0] < flat_spread)
    return;
  auto map = saliency_map(gray);
  cv::threshold(map, strong, 3 * cv::mean(map)[0], 0, cv::THRESH_TOZERO);
  // The transform treats opposite edges as neighbours, so what it finds at the
  // edges is not in the picture.
  cv::rectangle(strong, {0, 0, map_edge, map_edge}, 0, edge_ring);
  auto sums = cv::moments(strong);
  if (sums.m00 <= 0)
    return;
  layout.focal_x = (sums.m10 / sums.m00 + 0.5) / map_edge;
  layout.focal_y = (sums.m01 / sums.m00 + 0.5) / map_edge;
  auto third = [](double at) {
    return at < 1 / 3.0 ? 0 : at < 2 / 3.0 ? 1 : 2;
  };
  const char* rows[] = {"upper", "middle", "lower"};
  const char* columns[] = {"left", "center", "right"};
  auto row = third(layout.focal_y);
  auto column = third(layout.focal_x);
  layout.focal_point = row == 1 && column == 1
                         ? "center"
                         : std::string(rows[row]) + " " + columns[column];
}

std::string ratio_of(double width, double height) {
  constexpr std::pair<int, int> common[] = {{1, 1},   {5, 4}, {4, 3},  {3, 2},
                                            {16, 10}, {5, 3}, {16, 9}, {2, 1}};
  for (auto [longer, shorter] : common) {
    auto ratio = double(longer) / shorter;
    if (std::abs(width / height / ratio - 1) < common_slack)
      return std::to_string(longer) + ":" + std::to_string(shorter);
    if (std::abs(height / width / ratio - 1) < common_slack)
      return std::to_string(shorter) + ":" + std::to_string(longer);
  }
  char text[32];
  if (width > height)
    std::snprintf(text, sizeof(text), "%.2f:1", width / height);
  else
    std::snprintf(text, sizeof(text), "1:%.2f", height / width);
  return text;
}

} // namespace

layout_findings find_layout(const cv::Mat& bgr, const vision_input& picture) {
  layout_findings layout;
  double width = picture.original_width ? picture.original_width
                                        : picture.width;
  double height = picture.original_height ? picture.original_height
                                          : picture.height;
  auto ratio = width / height;
  layout.orientation = std::abs(ratio - 1) < square_slack ? "square"
                       : ratio >= panorama_ratio          ? "panorama"
                       : ratio > 1                        ? "landscape"
                                                          : "portrait";
  layout.aspect_ratio = ratio_of(width, height);
  find_focal_point(bgr, layout);
  return layout;
}

} // namespace darkroom
