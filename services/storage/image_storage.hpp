/// Where the pictures are: a folder that all nodes share, or a bucket of an S3
/// server.
#pragma once

#include "services/storage/attempt_storage.hpp"
#include "services/storage/file_walk.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

class local_storage;

/// Where a client gets a file: one of the two is set.
struct file_source {
  std::string path; ///< absolute, on this machine; the file need not exist
  std::string url;  ///< works for some minutes; never log it
};

/// What a main node asks of the storage, besides what jobs ask. `local_storage`
/// says which errors the methods return. Any number of threads may use it.
class image_storage : public attempt_storage {
public:
  /// Whether a start makes sense. Asks no other machine.
  virtual status check_writable() const = 0;

  /// The one name that a file has, however it is spelled.
  virtual result<std::string> real_name(const std::string& name) const = 0;

  /// The file of this real name; nothing if there is none.
  virtual result<std::optional<found_file>>
  find(const std::string& name) const = 0;

  /// Whether there surely is no file of this name.
  virtual bool is_gone(const std::string& name) const = 0;

  /// Whether there is nothing at all: the place may be the wrong one.
  virtual result<bool> is_empty() const = 0;

  /// @param is_head whether the client wants only the header
  virtual result<file_source> source_of(const std::string& name,
                                        bool is_head) const = 0;

  /// Writes an original, which appears complete or not at all.
  virtual status add_original(const std::string& name,
                              std::string_view bytes) const = 0;

  /// The folder where bodies of uploads are kept until they are published.
  virtual result<local_storage> aside() const = 0;

  /// Whether files have their final names as soon as they are written. Then
  /// rows of the catalog publish them, and may name what nobody may discard.
  virtual bool writes_at_once() const = 0;

  /// Gives a staged file, or one of `aside`, its final name; may be repeated.
  virtual status publish(const staged_file& file) const = 0;

  /// Removes what an image had before `kept` were published, as far as nothing
  /// names it any more before the catalog commits.
  virtual status keep_only(const std::string& image_id,
                           const std::vector<staged_file>& kept) const = 0;

  /// Removes a staged file. Succeeds if there is none.
  virtual status discard(const staged_file& file) const = 0;

  /// Removes what this attempt, earlier ones, and older jobs left of an image.
  /// Call it once this attempt has won or was the last.
  /// @param in_use final names of the files that the image has
  virtual status remove_up_to(const std::string& image_id,
                              const attempt_stamp& stamp,
                              const std::vector<std::string>& in_use) const = 0;

  /// Removes an image's variants, staged ones included, and the given
  /// originals, except for files of others.
  /// @param kept real names of files among the variants that stay
  virtual status remove_image(const std::string& image_id,
                              const std::vector<std::string>& originals,
                              const std::vector<std::string>& kept) const = 0;

  /// Walks over all files, also after this object is gone.
  virtual std::unique_ptr<file_walk> walk() const = 0;

  /// Moves a file to `lost/`, under its own name, because the catalog may be an
  /// older copy, or another one's: nobody else can bring the file back. Removes
  /// it if somebody deleted its image, or if its writer never finished it.
  virtual status put_away(const std::string& name, bool is_deleted) const = 0;
};

} // namespace darkroom
