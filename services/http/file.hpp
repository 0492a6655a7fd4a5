/// Turns a file into a response: type, validators, ranges, and bytes in pieces.
#pragma once

#include "services/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Reads an open file in pieces. Owns its descriptor.
class file_reader {
public:
  file_reader() = default;
  explicit file_reader(int descriptor) : descriptor_(descriptor) {}
  file_reader(file_reader&& other) noexcept;
  file_reader& operator=(file_reader&& other) noexcept;
  ~file_reader();

  /// Sets the part to read: `bytes` bytes from `offset` on.
  void seek(uint64_t offset, uint64_t bytes);

  /// Reads at most `most` bytes of the part. Empty at the end, or if the file
  /// became shorter meanwhile. Blocks.
  std::string read(size_t most);

  uint64_t left() const {
    return left_;
  }
  explicit operator bool() const {
    return descriptor_ >= 0;
  }

private:
  int descriptor_ = -1;
  uint64_t offset_ = 0;
  uint64_t left_ = 0;
};

/// The media type of a picture or document by the end of its name;
/// application/octet-stream for content that a browser might execute.
std::string_view media_type(std::string_view name);

/// Opens `response.file` and completes status and headers for this request:
/// 200, 206 (one range), 304, 404 or 416. Blocks.
/// @returns the reader of the body; empty if the response has no file body
file_reader open_file(const http_request& request, http_response& response);

/// Turns a 200 into a 304 if the client already has its ETag.
void apply_if_none_match(const http_request& request, http_response& response);

} // namespace darkroom
