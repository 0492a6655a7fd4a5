/// The models with which the local analyser recognises things, faces and text.
/// `deploy/fetch-models` brings them; docs/offline.md names them.
#pragma once

#include "services/inference/onnx_runtime.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace darkroom {

/// Immutable and thread-safe. A model whose file is missing is null, and the
/// analyser does without it.
struct local_models {
  std::unique_ptr<const onnx_model> objects;    ///< COCO's 80 kinds of things
  std::unique_ptr<const onnx_model> faces;      ///< needs `objects`
  std::unique_ptr<const onnx_model> text_areas; ///< where text is
  std::unique_ptr<const onnx_model> text_lines; ///< what a line says
  /// What the outputs of `text_lines` mean, from the second one on.
  std::vector<std::string> characters;

  bool can_read() const {
    return text_areas && text_lines && !characters.empty();
  }
};

/// The folder of the models: `named` by a setting, or else the first default
/// folder that has them. Empty if there is none.
std::string model_folder_of(const std::string& named);

/// All that the analyser can do: "objects", "faces", "text".
const std::vector<std::string>& all_parts();

/// Which of these a folder has the files for.
std::vector<std::string> parts_in(const std::string& folder);

/// What the analyser can do with these models.
std::vector<std::string> parts_of(const local_models& models);

/// The name of the analyser with these parts: "local-2 (objects, faces)".
std::string name_of_local(const std::vector<std::string>& parts);

/// Loads what the folder has: 77 MB of memory with all (measured).
/// @param folder may be empty: no models
/// @returns ec::bad_config for a file that cannot be used
result<std::shared_ptr<const local_models>>
load_models(const std::string& folder);

/// The models of a node, loaded when they are first needed. Thread-safe: all
/// processors of a node share it.
class shared_models {
public:
  /// @param named as for `model_folder_of`
  explicit shared_models(std::string named) : named_(std::move(named)) {}

  /// The first call loads them, and other calls wait meanwhile.
  /// @returns the errors of `load_models`; the next call tries again
  result<std::shared_ptr<const local_models>> get();

private:
  std::mutex mutex_;
  std::string named_;
  std::shared_ptr<const local_models> made_;
};

} // namespace darkroom
