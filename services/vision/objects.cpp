#include "services/vision/measure.hpp"
#include "services/vision/recognise.hpp"

#include <opencv2/core.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace darkroom {

namespace {

// Chosen on the pictures that docs/offline.md names.
constexpr double worth_a_look = .40; // score of the first look
constexpr double sure_thing = .45;   // mean of both looks
constexpr double seen_again = .25;   // score of the second look, at least
constexpr double same_place = .3;    // overlap of what both looks saw
constexpr double around = .8;        // of a box's longer edge, to each side
constexpr size_t looks_per_kind = 2; // weaker ones are no better
constexpr size_t most_looks = 4;     // each as long as the first one
constexpr size_t most_objects = 20;
constexpr int picture_edge = 512; // px

/// COCO's kinds, in the order of the model.
constexpr std::array<const char*, 80> coco_names{
  "person",        "bicycle",      "car",
  "motorcycle",    "airplane",     "bus",
  "train",         "truck",        "boat",
  "traffic light", "fire hydrant", "stop sign",
  "parking meter", "bench",        "bird",
  "cat",           "dog",          "horse",
  "sheep",         "cow",          "elephant",
  "bear",          "zebra",        "giraffe",
  "backpack",      "umbrella",     "handbag",
  "tie",           "suitcase",     "frisbee",
  "skis",          "snowboard",    "sports ball",
  "kite",          "baseball bat", "baseball glove",
  "skateboard",    "surfboard",    "tennis racket",
  "bottle",        "wine glass",   "cup",
  "fork",          "knife",        "spoon",
  "bowl",          "banana",       "apple",
  "sandwich",      "orange",       "broccoli",
  "carrot",        "hot dog",      "pizza",
  "donut",         "cake",         "chair",
  "couch",         "potted plant", "bed",
  "dining table",  "toilet",       "tv",
  "laptop",        "mouse",        "remote",
  "keyboard",      "cell phone",   "microwave",
  "oven",          "toaster",      "sink",
  "refrigerator",  "book",         "clock",
  "vase",          "scissors",     "teddy bear",
  "hair drier",    "toothbrush"};

/// The square around a box, in pixels, as shares again.
box surroundings(const box& of, const cv::Mat& rgb) {
  auto reach = around * std::max(of.width * rgb.cols, of.height * rgb.rows);
  auto x = (of.x + of.width / 2) * rgb.cols;
  auto y = (of.y + of.height / 2) * rgb.rows;
  auto left = std::max(0.0, x - reach), right = x + reach;
  auto top = std::max(0.0, y - reach), bottom = y + reach;
  right = std::min<double>(right, rgb.cols);
  bottom = std::min<double>(bottom, rgb.rows);
  return {left / rgb.cols, top / rgb.rows, (right - left) / rgb.cols,
          (bottom - top) / rgb.rows};
}

/// How sure the model is when it sees the thing nearer and mirrored: a thing
/// stays one, and what only looked like one does not. 0 if it is gone.
result<double> look_again(const onnx_model& model, const cv::Mat& rgb,
                          const object_candidate& x) {
  auto again = look_for_objects(model, rgb, surroundings(x.area, rgb), true,
                                seen_again);
  if (!again)
    return std::move(again.error());
  for (const auto& y : *again) // best first
    if (y.kind == x.kind && overlap(x.area, y.area) > same_place)
      return y.score;
  return 0.0;
}

} // namespace

result<std::vector<seen_object>> find_objects(const onnx_model& model,
                                              const cv::Mat& picture) {
  // With more detail than the first look has, the second one would judge a
  // large file otherwise than a small one of the same scene.
  auto rgb = at_edge(picture, picture_edge);
  auto first = look_for_objects(model, rgb, {0, 0, 1, 1}, false, worth_a_look);
  if (!first)
    return std::move(first.error());
  struct kind_state {
    bool is_sure = false;
    size_t looks = 0;
  };
  std::array<kind_state, coco_names.size()> kinds;
  size_t looks = 0;
  std::vector<seen_object> out;
  for (const auto& x : *first) {
    auto& kind = kinds[x.kind];
    auto score = x.score;
    if (!kind.is_sure) {
      if (kind.looks == looks_per_kind || looks == most_looks)
        continue;
      ++kind.looks;
      ++looks;
      auto again = look_again(model, rgb, x);
      if (!again)
        return std::move(again.error());
      score = (x.score + *again) / 2;
      if (score < sure_thing)
        continue;
      kind.is_sure = true;
    }
    if (out.size() < most_objects)
      out.push_back({coco_names[x.kind], score, x.area});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](auto& a, auto& b) { return a.score > b.score; });
  return out;
}

} // namespace darkroom
