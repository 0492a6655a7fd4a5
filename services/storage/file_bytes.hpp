/// The bytes of a file that does not change, without copying them.
#pragma once

#include "messages/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace darkroom {

/// A file mapped for reading. Only for files that nobody else writes: if
/// another process shortens the file, reading ends this process.
class file_bytes {
public:
  /// @returns ec::storage_failed if it cannot be read
  static result<file_bytes> open(const std::string& path);

  ~file_bytes();
  file_bytes(file_bytes&& other) noexcept;
  file_bytes& operator=(file_bytes&& other) noexcept;

  std::string_view view() const {
    return {static_cast<const char*>(start_), size_};
  }

private:
  file_bytes(const void* start, size_t size) : start_(start), size_(size) {}

  const void* start_ = nullptr; ///< null if the file is empty
  size_t size_ = 0;
};

/// SHA-256 as 64 hex digits.
std::string sha256_of(std::string_view bytes);

} // namespace darkroom
