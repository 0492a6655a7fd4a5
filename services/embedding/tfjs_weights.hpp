/// Reads the weights of a TensorFlow.js graph model. `model.json` lists the
/// tensors in the order in which they are stored in the shards beside it.
#pragma once

#include "messages/result.hpp"

#include <Eigen/Core>

#include <string>
#include <vector>

namespace darkroom {

/// Row-major, like in TensorFlow.
using weight_matrix
  = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// All float32 tensors of a model.
class tfjs_weights {
public:
  /// @returns ec::bad_config if a file is missing, malformed or cut short
  static result<tfjs_weights> load(const std::string& folder);

  /// Copies the only tensor whose name contains `piece`. Drops leading
  /// dimensions of 1; a vector is one row.
  /// @returns ec::bad_config unless there is exactly one such tensor, of that
  ///   shape
  result<weight_matrix> find(const std::string& piece, Eigen::Index rows,
                             Eigen::Index columns) const;

private:
  struct tensor {
    std::string name;
    size_t offset = 0; ///< in floats
    size_t size = 0;   ///< in floats
    Eigen::Index columns = 1;
  };

  std::string folder_;
  std::vector<tensor> tensors_;
  std::vector<float> floats_;
};

} // namespace darkroom
