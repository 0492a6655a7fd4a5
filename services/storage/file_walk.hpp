/// Walks over the files of a storage that Darkroom itself named.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A file, by its name in the storage.
struct found_file {
  std::string name;
  int64_t changed_at = 0; ///< ms since the epoch

  bool operator==(const found_file&) const = default;
};

/// Walks over `originals/` and then over the folders in `variants/`. Files that
/// come or go meanwhile may be left out. Not thread-safe.
class file_walk {
public:
  virtual ~file_walk() = default;

  /// The next files, at most `most`.
  /// @returns an empty list once the walk has ended; then it begins anew
  virtual result<std::vector<found_file>> next(uint64_t most) = 0;

  /// Gives up what it holds; the next call finds its place again.
  virtual void rest() {}
};

} // namespace darkroom
