#include "services/vision/recognise.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace darkroom {

tensor to_tensor(const cv::Mat& rgb, int width, int height,
                 const pixel_scale& scale, bool by_channel) {
  cv::Mat resized = rgb;
  auto shrinks = rgb.cols > width && rgb.rows > height;
  if (rgb.cols != width || rgb.rows != height)
    cv::resize(rgb, resized, {width, height}, 0, 0,
               shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  tensor out;
  out.shape = by_channel ? std::vector<int64_t>{1, 3, height, width}
                         : std::vector<int64_t>{1, height, width, 3};
  auto pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
  out.values.resize(3 * pixels);
  size_t at = 0;
  for (auto y = 0; y < height; ++y) {
    const auto* row = resized.ptr<cv::Vec3b>(y);
    for (auto x = 0; x < width; ++x, ++at)
      for (auto c = 0; c < 3; ++c) {
        auto channel = static_cast<size_t>(c);
        auto place = by_channel ? channel * pixels + at : at * 3 + channel;
        out.values[place]
          = static_cast<float>((row[x][c] - scale.mean[c]) / scale.spread[c]);
      }
  }
  return out;
}

double overlap(const box& x, const box& y) {
  auto width = std::min(x.x + x.width, y.x + y.width) - std::max(x.x, y.x);
  auto height = std::min(x.y + x.height, y.y + y.height) - std::max(x.y, y.y);
  if (width <= 0 || height <= 0)
    return 0;
  auto shared = width * height;
  return shared / (x.width * x.height + y.width * y.height - shared);
}

} // namespace darkroom
