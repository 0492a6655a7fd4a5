/// Turns a file into a response: type, validators, ranges, bytes in pieces.
#pragma once

#include "services/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// An open file that is read in pieces. Owns its descriptor.
class file_reader {
public:
  file_reader() = default;
  explicit file_reader(int descriptor) : descriptor_(descriptor) {}
  file_reader(file_reader&& other) noexcept;
  file_reader& operator=(file_reader&& other) noexcept;
  ~file_reader();

  /// Sets what is left to read: `bytes` from `offset` on.
  void seek(uint64_t offset, uint64_t bytes);

  /// At most `most` bytes of what is left; empty at the end, and also if the
  /// file shrank meanwhile. Blocks.
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

/// The media type of a picture or document by its name's end;
/// application/octet-stream for what a browser might execute.
std::string_view media_type(std::string_view name);

/// Opens `response.file` and completes status and headers for this request:
/// 200, 206 (one range), 304, 404 or 416. Blocks.
/// @returns the reader of the body; none if the response has no file body
file_reader open_file(const http_request& request, http_response& response);

/// Turns a 200 whose ETag the client already holds into a 304.
void apply_if_none_match(const http_request& request, http_response& response);

} // namespace darkroom
