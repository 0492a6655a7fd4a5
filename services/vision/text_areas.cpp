#include "services/vision/recognise.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace darkroom {

namespace {

// PP-OCR's own values, but for the last three.
constexpr pixel_scale area_scale{{123.675, 116.28, 103.53},
                                 {58.395, 57.12, 57.375}};
constexpr int area_step = 32;        // px; the model halves the picture 5 times
constexpr double is_text = .3;       // of a pixel
constexpr double is_line = .6;       // mean of a line's pixels
constexpr double growth = 1.5;       // the model marks lines too thin
constexpr float thinnest = 3;        // px
constexpr float upright_ratio = 1.5; // height by width of a turned line
constexpr int line_height = 48;      // px, what the reading model was made for
constexpr int longest_line = 1200;   // px, about 60 letters
constexpr size_t most_outlines = 1000, most_lines = 20;

int stepped(int size) {
  return std::max(area_step, (size + area_step / 2) / area_step * area_step);
}

/// Mean of the map within an outline.
double score_of(const cv::Mat& map, const std::vector<cv::Point>& outline) {
  auto area = cv::boundingRect(outline) & cv::Rect({0, 0}, map.size());
  cv::Mat mask = cv::Mat::zeros(area.size(), CV_8U);
  std::vector<std::vector<cv::Point>> outlines{outline};
  cv::fillPoly(mask, outlines, 255, cv::LINE_8, 0, -area.tl());
  return cv::mean(map(area), mask)[0];
}

/// The rectangle around a whole line of text; empty if the outline is none.
cv::RotatedRect line_around(const cv::Mat& map,
                            const std::vector<cv::Point>& outline) {
  auto line = cv::minAreaRect(outline);
  auto& size = line.size;
  if (std::min(size.width, size.height) < thinnest
      || score_of(map, outline) < is_line)
    return {};
  auto more = size.area() * growth / (size.width + size.height);
  size.width += static_cast<float>(more);
  size.height += static_cast<float>(more);
  return line;
}

/// The corners from the upper left on, clockwise, as the text stands.
std::array<cv::Point2f, 4> corners_of(const cv::RotatedRect& line) {
  std::array<cv::Point2f, 4> points;
  line.points(points.data());
  std::sort(points.begin(), points.end(),
            [](auto& a, auto& b) { return a.x < b.x; });
  auto higher = [](auto& a, auto& b) {
    return a.y < b.y;
  };
  std::sort(points.begin(), points.begin() + 2, higher);
  std::sort(points.begin() + 2, points.end(), higher);
  return {points[0], points[2], points[3], points[1]};
}

/// Cuts a line out and makes it level.
cv::Mat cut(const cv::Mat& rgb, const cv::RotatedRect& line,
            const cv::Point2d& scale) {
  auto from = corners_of(line);
  for (auto& x : from)
    x = {static_cast<float>(x.x * scale.x), static_cast<float>(x.y * scale.y)};
  auto width = static_cast<float>(cv::norm(from[1] - from[0]));
  auto height = static_cast<float>(cv::norm(from[3] - from[0]));
  if (height > width * upright_ratio) { // reads from bottom to top
    std::rotate(from.begin(), from.begin() + 3, from.end());
    std::swap(width, height);
  }
  if (width < 1 || height < 1)
    return {};
  auto columns
    = std::clamp(static_cast<int>(std::lround(width / height * line_height)),
                 line_height, longest_line);
  auto right = static_cast<float>(columns);
  auto bottom = static_cast<float>(line_height);
  const cv::Point2f to[]{{0, 0}, {right, 0}, {right, bottom}, {0, bottom}};
  cv::Mat level;
  cv::warpPerspective(rgb, level, cv::getPerspectiveTransform(from.data(), to),
                      {columns, line_height}, cv::INTER_LINEAR,
                      cv::BORDER_REPLICATE);
  return level;
}

} // namespace

result<std::vector<cv::Mat>> find_text_lines(const onnx_model& model,
                                             const cv::Mat& rgb) {
  auto width = stepped(rgb.cols), height = stepped(rgb.rows);
  auto said = model.run(to_tensor(rgb, width, height, area_scale, true));
  if (!said)
    return std::move(said.error());
  if (said->size() != 1
      || said->front().values.size()
           != static_cast<size_t>(width) * static_cast<size_t>(height))
    return fail(ec::internal, "the model of text areas answers in another "
                              "form");
  cv::Mat map(height, width, CV_32F, said->front().values.data());
  cv::Mat mask = map > is_text;
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(mask, outlines, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  if (outlines.size() > most_outlines)
    outlines.resize(most_outlines);
  std::vector<cv::RotatedRect> lines;
  for (const auto& outline : outlines)
    if (auto line = line_around(map, outline); line.size.area() > 0)
      lines.push_back(line);
  std::sort(lines.begin(), lines.end(), [](auto& a, auto& b) {
    return a.center.y != b.center.y ? a.center.y < b.center.y
                                    : a.center.x < b.center.x;
  });
  if (lines.size() > most_lines)
    lines.resize(most_lines);
  cv::Point2d scale(double(rgb.cols) / width, double(rgb.rows) / height);
  std::vector<cv::Mat> out;
  for (const auto& line : lines)
    if (auto level = cut(rgb, line, scale); !level.empty())
      out.push_back(level);
  return out;
}

} // namespace darkroom
