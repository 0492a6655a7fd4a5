/// The uploads folder: originals as they came, variants as we made them.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/storage/staged_upload.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// Knows nothing but its root: any number of threads and processes may use the
/// same folder. All names are relative to the root; who gives one that leaves
/// it gets ec::forbidden_path. The file system's refusals are
/// ec::storage_failed.
class local_storage {
public:
  /// Creates the folder if need be.
  static result<local_storage> open(const std::string& root);

  /// Whether files can be made in it: neither a folder of another user's nor a
  /// read-only disk. Leaves no trace.
  status check_writable() const;

  /// Absolute, without links.
  const std::string& root() const {
    return root_;
  }

  /// The absolute path of a name inside the root; the file need not exist.
  /// Refuses what is empty, absolute, contains "..", a NUL, or leads outside
  /// by a symbolic link. One that no file can have (too long, a loop of links)
  /// is ec::bad_input.
  result<std::string> resolve(const std::string& name) const;

  /// Begins to write `name`, aside: whole or not at all, whatever happens.
  result<staged_upload> begin(const std::string& name) const;

  /// Writes a whole file aside, durably, under the attempt's own name.
  result<staged_file> stage(const std::string& final_name,
                            const attempt_stamp& stamp,
                            std::string_view bytes) const;

  /// Gives the bytes of `same`, staged by this attempt, a second name: a hard
  /// link. Each may be published, replaced or removed without the other.
  /// @returns ec::storage_failed where the file system has no such links
  result<staged_file> stage_same(const std::string& final_name,
                                 const attempt_stamp& stamp,
                                 const staged_file& same) const;

  /// Gives a staged file its final name, over an older one. May be repeated
  /// after a crash: a staged file that is gone while the final one is there was
  /// published already.
  /// @returns ec::not_found if neither is there.
  status publish(const staged_file& file) const;

  /// Removes a staged file; also one that is not there.
  status discard(const staged_file& file) const;

  /// Removes all that one attempt staged for an image and did not publish.
  status remove_attempt(const std::string& image_id,
                        const attempt_stamp& stamp) const;

  /// Also what earlier attempts and older jobs left when they died: for once
  /// this attempt has won or was the last.
  status remove_up_to(const std::string& image_id,
                      const attempt_stamp& stamp) const;

  /// Removes an image's variants, also those that are staged, and its original;
  /// what is not there is removed already.
  /// @param original its name; empty: it stays
  status remove_image(const std::string& image_id,
                      const std::string& original) const;

private:
  template <class Predicate>
  status remove_staged(const std::string& image_id, Predicate is_wanted) const;

  explicit local_storage(std::string root);

  /// What went wrong with a file, with its name inside of the root.
  error named(error why) const;
  status named(status done) const;

  std::string root_;
};

} // namespace darkroom
