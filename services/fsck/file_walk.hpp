/// Walks over the files of the uploads folder that Darkroom itself named.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// A file, by its name below the uploads folder.
struct found_file {
  std::string name;
  int64_t changed_at = 0; ///< ms since the epoch

  bool operator==(const found_file&) const = default;
};

/// The regular file of this name; nothing if there is none. Does not follow a
/// link.
std::optional<found_file> find_file(const std::string& root,
                                    const std::string& name);

/// Walks over `originals/` and then over the folders in `variants/`. Files that
/// come or go meanwhile may be left out. Keeps one or two folders open, and no
/// names. Not thread-safe.
class file_walk {
public:
  /// @param root of the uploads folder
  explicit file_walk(std::string root) : root_(std::move(root)) {}

  /// The next files, at most `most`.
  /// @returns an empty list once the walk has ended; then it begins anew
  result<std::vector<found_file>> next(uint64_t most);

private:
  using iterator = std::filesystem::directory_iterator;

  status open_next();
  status step(std::vector<found_file>& out);
  void add(const std::filesystem::path& path,
           std::vector<found_file>& out) const;

  std::string root_;
  size_t opened_ = 0; ///< folders so far
  iterator outer_;    ///< the end if none is open
  iterator inner_;    ///< of a folder in the outer one
};

} // namespace darkroom
