#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace darkroom {

namespace {

constexpr int tone_edge = 64;    // px; noise and fine detail are gone
constexpr int detail_edge = 256; // px, for the sharpness

/// The strength of the colors (Hasler and Süsstrunk 2003): spread and mean of
/// two opponent channels, in 8-bit levels.
double colorfulness_of(const cv::Mat& bgr) {
  cv::Mat floats;
  bgr.convertTo(floats, CV_32F);
  cv::Mat channels[3];
  cv::split(floats, channels);
  cv::Mat red_green = channels[2] - channels[1];
  cv::Mat yellow_blue = 0.5 * (channels[2] + channels[1]) - channels[0];
  cv::Scalar mean1, spread1, mean2, spread2;
  cv::meanStdDev(red_green, mean1, spread1);
  cv::meanStdDev(yellow_blue, mean2, spread2);
  return std::hypot(spread1[0], spread2[0])
         + 0.3 * std::hypot(mean1[0], mean2[0]);
}

} // namespace

cv::Mat at_edge(const cv::Mat& picture, int edge) {
  auto factor = double(edge) / std::max(picture.cols, picture.rows);
  cv::Mat out;
  cv::resize(
    picture, out,
    {std::max(1, static_cast<int>(std::lround(picture.cols * factor))),
     std::max(1, static_cast<int>(std::lround(picture.rows * factor)))},
    0, 0, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

tone_findings measure_tone(const cv::Mat& bgr) {
  tone_findings tone;
  auto small = at_edge(bgr, tone_edge);
  cv::Mat floats, lab, gray, edges;
  small.convertTo(floats, CV_32F, 1 / 255.0);
  cv::cvtColor(floats, lab, cv::COLOR_BGR2Lab);
  cv::Scalar mean, spread;
  cv::meanStdDev(lab, mean, spread);
  tone.brightness = mean[0] / 100;
  tone.contrast = spread[0] / 100;
  tone.warmth = mean[2] / 50; // 50 is Lab's b of strong sunset light
  tone.colorfulness = colorfulness_of(small);
  if (std::max(bgr.cols, bgr.rows) < detail_edge)
    return tone;
  cv::cvtColor(at_edge(bgr, detail_edge), gray, cv::COLOR_BGR2GRAY);
  cv::Laplacian(gray, edges, CV_64F);
  cv::meanStdDev(edges, mean, spread);
  tone.sharpness = spread[0] * spread[0];
  return tone;
}

} // namespace darkroom
