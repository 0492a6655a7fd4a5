/// A file that receives an upload. Internal to services/http.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Creates a new file; removes it at the end unless it is kept.
class upload_file {
public:
  upload_file() = default;
  upload_file(const upload_file&) = delete;
  upload_file& operator=(const upload_file&) = delete;
  ~upload_file();

  /// @returns ec::storage_failed if the file exists or cannot be made
  status open(const std::string& path);
  /// Appends bytes. @returns ec::storage_failed if the disk is full or fails
  status write(std::string_view bytes);
  /// Closes the file and keeps it. @returns ec::storage_failed if bytes were
  /// lost
  status keep();
  /// Closes and removes the file, even a kept one. Harmless if there is none.
  void remove();
  /// Forgets the file, which must be closed: it has another owner now.
  void release();

  const std::string& path() const {
    return path_;
  }
  uint64_t size() const {
    return size_;
  }

private:
  int descriptor_ = -1;
  std::string path_; ///< empty if there is no file
  uint64_t size_ = 0;
};

} // namespace darkroom
