/// A file that is still being written, under a hidden name.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Owns the open file. If it is neither kept nor committed, the destructor
/// removes it. Use it from one thread at a time. local_storage makes it.
class staged_upload {
public:
  /// Creates `aside`, which must not exist. Both paths must be absolute and in
  /// the same folder.
  static result<staged_upload> create(std::string aside,
                                      std::string final_path);

  ~staged_upload();
  staged_upload(staged_upload&& other) noexcept;
  staged_upload& operator=(staged_upload&& other) noexcept;

  /// @returns ec::storage_failed, with the system's reason (disk full).
  status append(std::string_view bytes);

  /// The number of bytes so far.
  uint64_t bytes() const {
    return bytes_;
  }

  /// Makes the bytes durable under the hidden name and keeps the file. An
  /// alternative to commit().
  status keep();

  /// Makes the bytes durable and gives the file its final name for good;
  /// replaces an older file.
  status commit();

private:
  staged_upload(int fd, std::string aside, std::string final_path);
  status finish();

  int fd_ = -1;
  uint64_t bytes_ = 0;
  std::string aside_; ///< empty once the file must not be removed
  std::string final_;
};

} // namespace darkroom
