/// An encoded picture on disk, read piece by piece.
#pragma once

#include "messages/result.hpp"
#include "services/storage/sha256.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace darkroom {

/// Owns the open file. Can be moved, but not copied.
class picture_file {
public:
  /// @returns the code of file_error_code(), ec::bad_input if it is empty or
  ///   not a regular file, or ec::too_large above `max_bytes`.
  static result<picture_file> open(const std::string& path, uint64_t max_bytes);

  ~picture_file();
  picture_file(picture_file&& other) noexcept;
  picture_file& operator=(picture_file&& other) noexcept;

  /// The size in bytes when the file was opened.
  uint64_t size() const {
    return size_;
  }

  /// The next bytes, at most `max_bytes`; empty at the end.
  result<std::string> read(size_t max_bytes);

  /// From now on, hashes the bytes that are read.
  void hash_reads() {
    sum_.emplace();
  }

  /// SHA-256 of all that was read, as 64 hex digits. Ends the hashing.
  /// Precondition: `hash_reads` was called.
  std::string sha256();

private:
  picture_file(int fd, std::string path);

  int fd_ = -1;
  uint64_t size_ = 0;
  std::string path_;
  std::optional<sha256_sum> sum_;
};

} // namespace darkroom
