#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>

namespace darkroom {

namespace {

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

tone_findings measure_tone(const cv::Mat& bgr) {
  tone_findings tone;
  cv::Mat floats, lab, gray, edges;
  bgr.convertTo(floats, CV_32F, 1 / 255.0);
  cv::cvtColor(floats, lab, cv::COLOR_BGR2Lab);
  cv::Scalar mean, spread;
  cv::meanStdDev(lab, mean, spread);
  tone.brightness = mean[0] / 100;
  tone.contrast = spread[0] / 100;
  tone.warmth = mean[2] / 50; // 50 is Lab's b of strong sunset light
  tone.colorfulness = colorfulness_of(bgr);
  cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
  cv::Laplacian(gray, edges, CV_64F);
  cv::meanStdDev(edges, mean, spread);
  tone.sharpness = spread[0] * spread[0];
  return tone;
}

} // namespace darkroom
