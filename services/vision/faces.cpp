#include "services/vision/recognise.hpp"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace darkroom {

namespace {

constexpr int face_edge = 256;     // px, what the model was made for
constexpr double least_face = .75; // chosen on the pictures of docs/offline.md
constexpr double same_face = .3;
constexpr size_t most_persons = 5; // 15 ms each
constexpr pixel_scale face_scale{{127.5, 127.5, 127.5}, {127.5, 127.5, 127.5}};
constexpr size_t face_numbers = 16; ///< per anchor: x, y, width, height, points

/// A grid of places that the model judges.
struct grid {
  int step;             ///< px
  int anchors;          ///< per place
  const tensor* scores; ///< one per anchor
  const tensor* boxes;  ///< `face_numbers` per anchor
};

struct face {
  double score;
  box area;
};

/// The square around a person, filled up with black: faces keep their shape.
cv::Mat square_around(const cv::Mat& rgb, const box& person, cv::Point& from) {
  cv::Rect all(0, 0, rgb.cols, rgb.rows);
  auto area = cv::Rect(static_cast<int>(person.x * rgb.cols),
                       static_cast<int>(person.y * rgb.rows),
                       static_cast<int>(std::ceil(person.width * rgb.cols)),
                       static_cast<int>(std::ceil(person.height * rgb.rows)))
              & all;
  auto longer = std::max(area.width, area.height);
  cv::Mat square(longer, longer, CV_8UC3, cv::Scalar(0, 0, 0));
  if (!area.empty())
    rgb(area).copyTo(square({0, 0, area.width, area.height}));
  from = area.tl();
  return square;
}

/// Faces as shares of the square.
std::vector<face> faces_of(const grid& of) {
  std::vector<face> out;
  auto per_row = face_edge / of.step;
  for (size_t i = 0; i < of.scores->values.size(); ++i) {
    auto score = 1 / (1 + std::exp(-double(of.scores->values[i])));
    if (score < least_face)
      continue;
    auto place = static_cast<int>(i) / of.anchors;
    const auto* to = of.boxes->values.data() + i * face_numbers;
    auto row = place / per_row, column = place % per_row;
    auto x = (column + .5) * of.step + to[0];
    auto y = (row + .5) * of.step + to[1];
    out.push_back({score,
                   {(x - to[2] / 2) / face_edge, (y - to[3] / 2) / face_edge,
                    to[2] / face_edge, to[3] / face_edge}});
  }
  return out;
}

result<std::vector<face>> look_for_faces(const onnx_model& model,
                                         const cv::Mat& square) {
  auto said
    = model.run(to_tensor(square, face_edge, face_edge, face_scale, false));
  if (!said)
    return std::move(said.error());
  const auto& x = *said;
  if (x.size() != 4 || x[0].values.size() != 512 || x[1].values.size() != 384
      || x[2].values.size() != 512 * face_numbers
      || x[3].values.size() != 384 * face_numbers)
    return fail(ec::internal, "the model of faces answers in another form");
  auto out = faces_of({16, 2, &x[0], &x[2]});
  for (auto& more : faces_of({32, 6, &x[1], &x[3]}))
    out.push_back(more);
  return out;
}

} // namespace

result<std::vector<box>> find_faces(const onnx_model& model, const cv::Mat& rgb,
                                    const std::vector<seen_object>& objects) {
  std::vector<face> all;
  size_t persons = 0;
  for (const auto& x : objects) {
    if (x.name != "person" || ++persons > most_persons)
      continue;
    cv::Point from;
    auto square = square_around(rgb, x.area, from);
    if (square.empty())
      continue;
    auto found = look_for_faces(model, square);
    if (!found)
      return std::move(found.error());
    for (auto& y : *found) {
      y.area = {(from.x + y.area.x * square.cols) / rgb.cols,
                (from.y + y.area.y * square.rows) / rgb.rows,
                y.area.width * square.cols / rgb.cols,
                y.area.height * square.rows / rgb.rows};
      all.push_back(y);
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](auto& a, auto& b) { return a.score > b.score; });
  std::vector<box> out;
  for (const auto& x : all)
    if (std::none_of(out.begin(), out.end(), [&x](const auto& y) {
          return overlap(x.area, y) > same_face;
        }))
      out.push_back(x.area);
  std::stable_sort(out.begin(), out.end(), [](auto& a, auto& b) {
    return a.width * a.height > b.width * b.height;
  });
  return out;
}

} // namespace darkroom
