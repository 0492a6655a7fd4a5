/// Walks over the files of an uploads folder.
#pragma once

#include "services/storage/file_walk.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// The regular file of this name; nothing if there is none. Does not follow a
/// link.
std::optional<found_file> find_file(const std::string& root,
                                    const std::string& name);

/// Keeps one or two folders open until it rests, and no names.
class folder_walk final : public file_walk {
public:
  /// @param root of the uploads folder
  explicit folder_walk(std::string root) : root_(std::move(root)) {}

  result<std::vector<found_file>> next(uint64_t most) override;

  /// Closes the folders: an open one holds a descriptor, and keeps its file
  /// system from being unmounted. The next call finds its place again, by the
  /// number of entries before it.
  void rest() override;

private:
  using iterator = std::filesystem::directory_iterator;

  status open_next();
  status open_inner(const std::filesystem::path& folder);
  status find_place();
  status step(std::vector<found_file>& out);
  void add(const std::filesystem::path& path,
           std::vector<found_file>& out) const;

  std::string root_;
  size_t opened_ = 0;  ///< folders so far
  iterator outer_;     ///< the end if none is open
  iterator inner_;     ///< of a folder in the outer one
  uint64_t taken_ = 0; ///< entries of the outer folder so far
  std::filesystem::path inner_path_;
  uint64_t taken_inside_ = 0; ///< entries of the inner folder so far
  bool is_at_rest_ = false;
};

} // namespace darkroom
