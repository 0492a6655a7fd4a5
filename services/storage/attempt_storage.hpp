/// What jobs ask of the storage of pictures.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/storage/original_file.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Reads originals and writes the files of one attempt aside. `local_storage`
/// says which errors the methods return.
class attempt_storage {
public:
  virtual ~attempt_storage() = default;

  /// The uploads folder's absolute path, without links; empty if there is none.
  virtual const std::string& root() const = 0;

  /// Whether a file may have this name; it need not exist.
  virtual status check_name(const std::string& name) const = 0;

  /// An original as a file of this machine.
  /// @param cancel ends a transfer; null means never
  virtual result<original_file>
  fetch(const std::string& name, const std::atomic<bool>* cancel) const = 0;

  /// Writes a whole file aside, durably, under the attempt's own name. It gets
  /// the name that is returned once the attempt is published.
  virtual result<staged_file> stage(const std::string& final_name,
                                    const attempt_stamp& stamp,
                                    std::string_view bytes) const = 0;

  /// Gives the bytes of `same`, staged by this attempt, a second name.
  /// @returns ec::storage_failed if the storage cannot do that
  virtual result<staged_file> stage_same(const std::string& final_name,
                                         const attempt_stamp& stamp,
                                         const staged_file& same) const = 0;

  /// Gives the bytes of a published file, of any image, a staged name of this
  /// attempt. Each name may be removed or replaced without the other.
  /// @param bytes the file's expected size
  /// @returns ec::not_found if there is no such file of this size
  virtual result<staged_file>
  stage_known(const std::string& final_name, const attempt_stamp& stamp,
              const std::string& known, uint64_t bytes) const = 0;

  /// Removes all that one attempt staged for an image and did not publish.
  virtual status remove_attempt(const std::string& image_id,
                                const attempt_stamp& stamp) const = 0;
};

} // namespace darkroom
