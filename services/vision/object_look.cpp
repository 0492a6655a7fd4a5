#include "services/vision/recognise.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace darkroom {

namespace {

constexpr int look_edge = 512; // px, what the model was made for
constexpr int cells = 128;     // per row and column of its answers
constexpr int kind_count = 80;
constexpr double same_box = .5;
constexpr pixel_scale look_scale{{0, 0, 0}, {1, 1, 1}};

struct answer {
  const float* scores; ///< cells x cells x kind_count
  const float* sizes;  ///< cells x cells x 4: to left, top, right, bottom, px

  float score(int y, int x, int kind) const {
    return scores[(y * cells + x) * kind_count + kind];
  }

  /// Whether no cell around is surer of this kind.
  bool is_peak(int y, int x, int kind) const {
    auto here = score(y, x, kind);
    for (auto v = std::max(y - 1, 0); v <= std::min(y + 1, cells - 1); ++v)
      for (auto u = std::max(x - 1, 0); u <= std::min(x + 1, cells - 1); ++u)
        if (score(v, u, kind) > here)
          return false;
    return true;
  }

  /// As shares of what the model saw.
  box area(int y, int x) const {
    const auto* to = sizes + size_t(y * cells + x) * 4;
    constexpr double cell = double(look_edge) / cells;
    auto left = std::clamp((x * cell - to[0]) / look_edge, 0.0, 1.0);
    auto top = std::clamp((y * cell - to[1]) / look_edge, 0.0, 1.0);
    auto right = std::clamp((x * cell + to[2]) / look_edge, left, 1.0);
    auto bottom = std::clamp((y * cell + to[3]) / look_edge, top, 1.0);
    return {left, top, right - left, bottom - top};
  }
};

std::vector<object_candidate> candidates_of(const answer& said, double least) {
  std::vector<object_candidate> all, kept;
  for (auto y = 0; y < cells; ++y)
    for (auto x = 0; x < cells; ++x)
      for (auto kind = 0; kind < kind_count; ++kind)
        if (auto score = said.score(y, x, kind);
            score >= least && said.is_peak(y, x, kind))
          all.push_back({static_cast<size_t>(kind), score, said.area(y, x)});
  std::stable_sort(all.begin(), all.end(),
                   [](auto& a, auto& b) { return a.score > b.score; });
  for (const auto& x : all)
    if (std::none_of(kept.begin(), kept.end(), [&x](const auto& y) {
          return overlap(x.area, y.area) > same_box;
        }))
      kept.push_back(x);
  return kept;
}

} // namespace

result<std::vector<object_candidate>>
look_for_objects(const onnx_model& model, const cv::Mat& rgb, const box& part,
                 bool mirrored, double least) {
  cv::Rect all(0, 0, rgb.cols, rgb.rows);
  auto seen = cv::Rect(static_cast<int>(std::lround(part.x * rgb.cols)),
                       static_cast<int>(std::lround(part.y * rgb.rows)),
                       static_cast<int>(std::lround(part.width * rgb.cols)),
                       static_cast<int>(std::lround(part.height * rgb.rows)))
              & all;
  if (seen.empty())
    return std::vector<object_candidate>{};
  cv::Mat looked;
  if (mirrored)
    cv::flip(rgb(seen), looked, 1); // into pixels of its own
  else
    looked = rgb(seen);
  auto said
    = model.run(to_tensor(looked, look_edge, look_edge, look_scale, false));
  if (!said)
    return std::move(said.error());
  constexpr size_t places = size_t{cells} * cells;
  if (said->size() != 2 || (*said)[0].values.size() != places * kind_count
      || (*said)[1].values.size() != places * 4)
    return fail(ec::internal, "the model of things answers in another form");
  auto found = candidates_of(
    {(*said)[0].values.data(), (*said)[1].values.data()}, least);
  for (auto& x : found) {
    auto left = mirrored ? 1 - x.area.x - x.area.width : x.area.x;
    x.area = {(seen.x + left * seen.width) / rgb.cols,
              (seen.y + x.area.y * seen.height) / rgb.rows,
              x.area.width * seen.width / rgb.cols,
              x.area.height * seen.height / rgb.rows};
  }
  return found;
}

} // namespace darkroom
