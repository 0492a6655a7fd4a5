/// The vectors of the searched space in memory, as the catalog has them.
#pragma once

#include "services/catalog/catalog_reader.hpp"
#include "services/vector/vector_index.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Loads at the first `refresh`. Later ones read what was committed since, by
/// any main node of the catalog: the catalog numbers all changes of vectors.
/// Nothing is written, so that a killed process loses nothing. Not thread-safe.
class live_index {
public:
  /// @param catalog must outlive this object
  explicit live_index(catalog_reader& catalog);

  /// Brings the index up to date; loads it if the searched space has changed.
  /// Loading 100,000 vectors takes a few seconds.
  /// @returns the errors of the catalog; then the index is as it was
  status refresh();

  /// Without a model as long as the catalog has no vector.
  const vector_space& space() const {
    return space_;
  }

  const vector_index& vectors() const {
    return vectors_;
  }

  /// Vectors that cannot be compared: zero or not finite.
  size_t left_out() const {
    return left_out_;
  }

private:
  status load(const search_state& now);

  catalog_reader& catalog_;
  vector_space space_;
  vector_index vectors_{0};
  int64_t change_ = 0;
  size_t left_out_ = 0;
};

} // namespace darkroom
