#include "services/vision/local_vision.hpp"

#include "services/vision/measure.hpp"
#include "services/vision/recognise.hpp"
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

/// What needs no model.
findings measure(const cv::Mat& rgb, const vision_input& x) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  findings found;
  found.colors = find_colors(bgr);
  found.tone = measure_tone(bgr);
  found.layout = find_layout(bgr, x);
  found.has_low_sun = has_low_sun(bgr);
  found.exif = read_exif(x);
  found.format = x.original_format;
  found.width = x.original_width ? x.original_width : x.width;
  found.height = x.original_height ? x.original_height : x.height;
  return found;
}

/// What the models recognise; those that are missing find nothing.
status recognise(const local_models& models, const cv::Mat& rgb,
                 findings& found) {
  if (models.objects) {
    auto objects = find_objects(*models.objects, rgb);
    if (!objects)
      return std::move(objects.error());
    found.objects = std::move(*objects);
  }
  if (models.faces) {
    auto faces = find_faces(*models.faces, rgb, found.objects);
    if (!faces)
      return std::move(faces.error());
    found.faces = std::move(*faces);
  }
  if (models.can_read()) {
    auto text = read_text(models, rgb);
    if (!text)
      return std::move(text.error());
    found.text = std::move(*text);
  }
  return ok;
}

} // namespace

local_vision::local_vision(std::shared_ptr<const local_models> models)
  : models_(std::move(models)),
    model_(name_of_local(parts_of(*models_))) {
  cv::setNumThreads(1); // processors are the threads; sums stay equal
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
    // The Mat borrows the pixels; nothing writes to them.
    cv::Mat rgb(static_cast<int>(picture.height),
                static_cast<int>(picture.width), CV_8UC3,
                const_cast<char*>(picture.rgb.data()));
    auto found = measure(rgb, picture);
    if (auto seen = recognise(*models_, rgb, found); !seen)
      return std::move(seen.error());
    auto said = put_into_words(found);
    said.model = model_;
    return said;
  } catch (const std::exception& why) {
    return fail(ec::internal, "OpenCV cannot analyse '" + picture.file_name
                                + "': " + why.what());
  }
}

} // namespace darkroom
