#include "services/vision/local_vision.hpp"

#include "services/vision/wording.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <utility>

namespace darkroom {

namespace {

constexpr uint64_t channels = 3;

status check(const vision_input& x) {
  auto wanted = channels * x.width * x.height;
  if (wanted > 0 && x.rgb.size() == wanted)
    return ok;
  return fail(ec::bad_input,
              "'" + x.file_name + "' came as " + std::to_string(x.rgb.size())
                + " bytes for " + std::to_string(x.width) + " x "
                + std::to_string(x.height) + " pixels of 3 bytes");
}

findings measure(const vision_input& x, face_finder& faces) {
  // The Mat borrows the pixels; nothing below writes to them.
  cv::Mat rgb(static_cast<int>(x.height), static_cast<int>(x.width), CV_8UC3,
              const_cast<char*>(x.rgb.data()));
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  findings found;
  found.colors = find_colors(bgr);
  found.tone = measure_tone(bgr);
  found.layout = find_layout(bgr, x);
  found.faces = faces.find(bgr);
  found.exif = read_exif(x);
  found.name_words = read_name(x.file_name);
  found.format = x.original_format;
  found.width = x.original_width ? x.original_width : x.width;
  found.height = x.original_height ? x.original_height : x.height;
  return found;
}

} // namespace

result<std::unique_ptr<local_vision>>
local_vision::make(const vision_settings& cfg) {
  cv::setNumThreads(1); // processors are the threads; sums stay equal
  auto faces = face_finder::make(cfg.cascades);
  if (!faces)
    return std::move(faces.error());
  return std::unique_ptr<local_vision>(new local_vision(std::move(*faces)));
}

const std::string& local_vision::model() const {
  return model_;
}

result<image_metadata> local_vision::describe(const vision_input& picture,
                                              const std::atomic<bool>* cancel) {
  if (auto sound = check(picture); !sound)
    return std::move(sound.error());
  if (cancel && *cancel)
    return fail(ec::cancelled,
                "the analysis of '" + picture.file_name + "' was cancelled");
  try {
    auto said = put_into_words(measure(picture, faces_));
    said.model = model_;
    return said;
  } catch (const std::exception& why) {
    return fail(ec::internal, "OpenCV cannot analyse '" + picture.file_name
                                + "': " + why.what());
  }
}

} // namespace darkroom
