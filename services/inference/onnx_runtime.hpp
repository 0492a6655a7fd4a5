/// ONNX Runtime, loaded from a file when a node first needs it, and models that
/// it runs.
#pragma once

#include "messages/result.hpp"
#include "services/inference/onnx_api.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Numbers in rows; the last dimension is the innermost.
struct tensor {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

/// The loaded library. Immutable, hence thread-safe.
class onnx_runtime {
public:
  /// @param path of libonnxruntime.so; it stays loaded until the process ends
  /// @returns ec::bad_config if it cannot be loaded
  static result<std::shared_ptr<const onnx_runtime>>
  load(const std::string& path);

  ~onnx_runtime();
  onnx_runtime(const onnx_runtime&) = delete;
  onnx_runtime& operator=(const onnx_runtime&) = delete;

  const onnx_api& api() const {
    return api_;
  }

  /// Releases what calls returned. @returns the words of the first that failed;
  /// empty if all succeeded
  std::string first_failure(std::initializer_list<ort_status*> calls) const;

private:
  friend class onnx_model;
  explicit onnx_runtime(onnx_api api) : api_(api) {}

  onnx_api api_;
  ort_env* env_ = nullptr;
  ort_memory_info* memory_ = nullptr;
};

/// A model with one input, of floats. Thread-safe: all processors of a node
/// share it; a run uses its caller's thread alone.
class onnx_model {
public:
  /// @returns ec::bad_config if the file is missing or is no such model
  static result<std::unique_ptr<const onnx_model>>
  load(std::shared_ptr<const onnx_runtime> runtime, const std::string& path);

  ~onnx_model();
  onnx_model(const onnx_model&) = delete;
  onnx_model& operator=(const onnx_model&) = delete;

  /// The outputs, in the model's order.
  /// @returns ec::internal if the model refuses the input or fails
  result<std::vector<tensor>> run(const tensor& input) const;

private:
  onnx_model(std::shared_ptr<const onnx_runtime> runtime, std::string path)
    : runtime_(std::move(runtime)),
      path_(std::move(path)) {}

  std::string open();
  std::string read_names();

  std::shared_ptr<const onnx_runtime> runtime_;
  std::string path_;
  ort_session* session_ = nullptr;
  std::string input_;
  std::vector<std::string> outputs_;
};

} // namespace darkroom
