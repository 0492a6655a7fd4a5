/// A file that an upload is written to. Internal to services/http.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Creates a new file and removes it again unless it is kept.
class upload_file {
public:
  upload_file() = default;
  upload_file(const upload_file&) = delete;
  upload_file& operator=(const upload_file&) = delete;
  ~upload_file();

  /// @returns ec::storage_failed if the file exists or cannot be made
  status open(const std::string& path);
  /// Appends. @returns ec::storage_failed if the disk is full or fails
  status write(std::string_view bytes);
  /// Closes the file, which stays. @returns ec::storage_failed if closing says
  /// that bytes were lost
  status keep();
  /// Closes and removes the file, kept or not. Harmless if there is none.
  void remove();
  /// Forgets the file, which must be closed: someone else owns it now.
  void release();

  const std::string& path() const {
    return path_;
  }
  uint64_t size() const {
    return size_;
  }

private:
  int descriptor_ = -1;
  std::string path_; ///< empty: none
  uint64_t size_ = 0;
};

} // namespace darkroom
