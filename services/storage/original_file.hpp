/// An original, as a file of this machine.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// A file of the storage itself, or a private copy that has no name on the disk
/// and goes with this object, even if the process is killed. Can be moved, but
/// not copied.
class original_file {
public:
  /// A file that belongs to somebody else.
  explicit original_file(std::string path) : path_(std::move(path)) {}

  /// An empty private file in TMPDIR.
  /// @param name shown in errors in place of its path
  /// @returns ec::storage_failed if it cannot be made
  static result<original_file> make_private(std::string name);

  ~original_file();
  original_file(original_file&& other) noexcept;
  original_file& operator=(original_file&& other) noexcept;

  /// Absolute; as long as this object lives.
  const std::string& path() const {
    return path_;
  }

  /// The open private file, for writing; -1 if it is somebody else's.
  int descriptor() const {
    return descriptor_;
  }

  /// The error with the name in place of the private file's path.
  error named(error why) const;

private:
  original_file(int descriptor, std::string name);

  std::string path_;
  std::string name_;
  int descriptor_ = -1;
};

} // namespace darkroom
