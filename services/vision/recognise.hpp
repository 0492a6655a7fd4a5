/// The steps of the local analysis that need models. Each looks at the same
/// picture (RGB, 8 bit, upright), gives the same answer each time, and runs in
/// the caller's thread; all are thread-safe. A failing model is an ec::internal
/// error.
#pragma once

#include "messages/result.hpp"
#include "services/inference/onnx_runtime.hpp"
#include "services/vision/findings.hpp"

#include <string>
#include <vector>

namespace cv {
class Mat;
} // namespace cv

namespace darkroom {

struct local_models;

/// Things of COCO's 80 kinds, most certain first, at most 20. Boxes are shares
/// of the picture. `objects.cpp`
result<std::vector<seen_object>> find_objects(const onnx_model& model,
                                              const cv::Mat& rgb);

/// A thing that may be there, before the second look at it.
struct object_candidate {
  size_t kind = 0; ///< place in COCO's list, from 0
  double score = 0;
  box area;
};

/// One look at a part of the picture. Candidates from score `least` on, best
/// first, none on top of another; boxes are shares of the whole picture.
/// `object_look.cpp`
result<std::vector<object_candidate>>
look_for_objects(const onnx_model& model, const cv::Mat& rgb, const box& part,
                 bool mirrored, double least);

/// Faces within the persons among `objects`, largest first. `faces.cpp`
result<std::vector<box>> find_faces(const onnx_model& model, const cv::Mat& rgb,
                                    const std::vector<seen_object>& objects);

/// Where lines of text are: each one cut out and made level (RGB, 48 px high),
/// from top to bottom, at most 20. `text_areas.cpp`
result<std::vector<cv::Mat>> find_text_lines(const onnx_model& model,
                                             const cv::Mat& rgb);

/// What the picture's text says: sure lines only, without hidden characters, at
/// most 200 bytes of UTF-8. A stranger wrote it. `text_lines.cpp`
result<std::string> read_text(const local_models& models, const cv::Mat& rgb);

/// How much two boxes are the same: intersection over union, 0 to 1.
double overlap(const box& x, const box& y);

/// What a model wants of a pixel: (value - mean) / spread, for each channel.
struct pixel_scale {
  double mean[3];
  double spread[3];
};

/// A picture as a model's input, resized to `width` x `height`.
/// `model_input.cpp`
/// @param by_channel whether a channel's values stand together (NCHW)
tensor to_tensor(const cv::Mat& rgb, int width, int height,
                 const pixel_scale& scale, bool by_channel);

} // namespace darkroom
