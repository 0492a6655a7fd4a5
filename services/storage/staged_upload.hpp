/// A file that is being written aside.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Owns the open file and, until commit(), the file's life: what was
/// neither kept nor committed is removed. One thread at a time. Made by
/// local_storage.
class staged_upload {
public:
  /// Creates `aside`, which must not exist. Both paths absolute, in one folder.
  static result<staged_upload> create(std::string aside,
                                      std::string final_path);

  ~staged_upload();
  staged_upload(staged_upload&& other) noexcept;
  staged_upload& operator=(staged_upload&& other) noexcept;

  /// @returns ec::storage_failed, with the system's reason (disk full).
  status append(std::string_view bytes);

  /// So far.
  uint64_t bytes() const {
    return bytes_;
  }

  /// Makes the bytes last, where they are; the file stays. Or commit().
  status keep();

  /// Makes the bytes last and gives the file its final name, over an older one,
  /// for good.
  status commit();

private:
  staged_upload(int fd, std::string aside, std::string final_path);
  status finish();

  int fd_ = -1;
  uint64_t bytes_ = 0;
  std::string aside_; ///< empty once it needs no removing
  std::string final_;
};

} // namespace darkroom
