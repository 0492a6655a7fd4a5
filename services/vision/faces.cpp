#include "services/vision/measure.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

namespace darkroom {

namespace {

constexpr const char* cascade_file = "haarcascade_frontalface_alt2.xml";
constexpr const char* usual_folders[]
  = {"/usr/share/opencv4/haarcascades", "/usr/local/share/opencv4/haarcascades",
     "/usr/share/opencv/haarcascades"};
constexpr double scale_step = 1.1;
constexpr int min_neighbors = 5; // hits that must agree; few false faces
constexpr int min_edge = 24;     // px: the cascade was trained on 20

/// The cascade's path; empty if it was not found.
std::string find_cascade(const std::string& folder) {
  std::error_code ignored;
  auto in = [&](const std::string& where) {
    auto path = where + "/" + cascade_file;
    return std::filesystem::exists(path, ignored) ? path : std::string();
  };
  if (!folder.empty())
    return in(folder);
  for (auto where : usual_folders)
    if (auto path = in(where); !path.empty())
      return path;
  return {};
}

} // namespace

struct face_finder::cascade {
  cv::CascadeClassifier classifier;
};

face_finder::face_finder(std::unique_ptr<cascade> from)
  : cascade_(std::move(from)) {}

face_finder::face_finder(face_finder&&) noexcept = default;

face_finder::~face_finder() = default;

result<face_finder> face_finder::make(const std::string& folder) {
  auto made = std::make_unique<cascade>();
  auto path = find_cascade(folder);
  auto loaded = false;
  try {
    loaded = !path.empty() && made->classifier.load(path);
  } catch (const cv::Exception&) {
    loaded = false;
  }
  if (!loaded && !folder.empty())
    return fail(ec::bad_config, "vision.cascades '" + folder + "' has no valid "
                                  + cascade_file
                                  + ": install opencv-data or name its folder");
  if (!loaded)
    spdlog::warn("local vision cannot find faces: {} is not installed (Debian: "
                 "opencv-data)",
                 cascade_file);
  return face_finder(std::move(made));
}

std::vector<face_box> face_finder::find(const cv::Mat& bgr) {
  std::vector<face_box> boxes;
  if (cascade_->classifier.empty())
    return boxes;
  cv::Mat gray;
  cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
  cv::equalizeHist(gray, gray);
  std::vector<cv::Rect> found;
  cascade_->classifier.detectMultiScale(gray, found, scale_step, min_neighbors,
                                        0, {min_edge, min_edge});
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) {
    return std::make_tuple(-a.area(), a.x, a.y)
           < std::make_tuple(-b.area(), b.x, b.y);
  });
  double width = bgr.cols, height = bgr.rows;
  for (auto& x : found)
    boxes.push_back(
      {x.x / width, x.y / height, x.width / width, x.height / height});
  return boxes;
}

} // namespace darkroom
