#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>

namespace darkroom {

namespace {

// Lightness and b (blue to yellow) are Lab's. docs/offline.md says with which
// pictures the values were tried.
constexpr int sun_edge = 96;      // px
constexpr double blinding = 97;   // lightness of the sun
constexpr double smallest = .004; // share of the picture
constexpr double largest = .05;   // more is a bright sky
constexpr double filled = .5;     // of its bounding box: the sun is round
constexpr double elsewhere
  = .002;                     // share of other blinding spots: water, lamps
constexpr double lowest = .7; // of the height; below it is ground
constexpr double glow = 50, glow_over_rest = 20; // lightness around the sun
constexpr double warm_glow = 5, warmer = 4; // b around it, and over the rest
constexpr double dark_ground = 40;          // lightness of the lowest third

struct spot {
  double x = 0, y = 0; ///< px of the map
  double radius = 0;   ///< px of a disk of its size
};

/// The only blinding spot of the size of a sun; radius 0 if there is none.
spot find_spot(const cv::Mat& lightness) {
  cv::Mat mask = lightness > blinding, labels, stats, centres;
  auto spots = cv::connectedComponentsWithStats(mask, labels, stats, centres);
  auto largest_spot = 0;
  for (auto i = 1; i < spots; ++i)
    if (largest_spot == 0
        || stats.at<int>(i, cv::CC_STAT_AREA)
             > stats.at<int>(largest_spot, cv::CC_STAT_AREA))
      largest_spot = i;
  if (largest_spot == 0)
    return {};
  auto of = [&](int what) {
    return double(stats.at<int>(largest_spot, what));
  };
  constexpr double all = sun_edge * sun_edge;
  auto area = of(cv::CC_STAT_AREA);
  auto share = area / all;
  auto others = cv::countNonZero(mask) / all - share;
  auto fill = area / (of(cv::CC_STAT_WIDTH) * of(cv::CC_STAT_HEIGHT));
  auto y = centres.at<double>(largest_spot, 1);
  if (share < smallest || share > largest || others > elsewhere || fill < filled
      || y > lowest * sun_edge)
    return {};
  return {centres.at<double>(largest_spot, 0), y, std::sqrt(area / CV_PI)};
}

/// The pixels from `inner` to `outer` px away from a spot.
cv::Mat ring(const spot& of, double inner, double outer) {
  cv::Mat mask = cv::Mat::zeros(sun_edge, sun_edge, CV_8U);
  cv::Point at(static_cast<int>(std::lround(of.x)),
               static_cast<int>(std::lround(of.y)));
  cv::circle(mask, at, static_cast<int>(std::lround(outer)), 255, cv::FILLED);
  cv::circle(mask, at, static_cast<int>(std::lround(inner)), 0, cv::FILLED);
  return mask;
}

} // namespace

bool has_low_sun(const cv::Mat& bgr) {
  cv::Mat small, floats, lab, lightness, yellow;
  cv::resize(bgr, small, {sun_edge, sun_edge}, 0, 0, cv::INTER_AREA);
  small.convertTo(floats, CV_32F, 1 / 255.0);
  cv::cvtColor(floats, lab, cv::COLOR_BGR2Lab);
  cv::extractChannel(lab, lightness, 0);
  cv::extractChannel(lab, yellow, 2);
  auto sun = find_spot(lightness);
  if (sun.radius == 0)
    return false;
  auto near = ring(sun, sun.radius * 1.5 + 1, sun.radius * 3 + 5);
  auto far = ring(sun, sun.radius * 5 + 10, 2 * sun_edge);
  auto mean = [](const cv::Mat& of, const cv::Mat& mask) {
    return cv::mean(of, mask)[0];
  };
  auto ground = cv::mean(lightness.rowRange(sun_edge * 2 / 3, sun_edge))[0];
  return mean(lightness, near) > glow
         && mean(lightness, near) > mean(lightness, far) + glow_over_rest
         && mean(yellow, near) > warm_glow
         && mean(yellow, near) > mean(yellow, far) + warmer
         && ground < dark_ground;
}

} // namespace darkroom
