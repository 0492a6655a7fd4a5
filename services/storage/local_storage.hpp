/// The uploads folder: originals as they came, and the variants made from them.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/storage/attempt_storage.hpp"
#include "services/storage/staged_upload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Keeps no state but its root: any number of threads and processes may use the
/// same folder. All names are relative to the root; a name that leads out of it
/// fails with ec::forbidden_path. If the file system refuses, the error is
/// ec::storage_failed.
class local_storage final : public attempt_storage {
public:
  /// Creates the folder if it is missing.
  static result<local_storage> open(const std::string& root);

  /// Whether files can be created in it. Fails for another user's folder and a
  /// read-only disk. Leaves no trace.
  status check_writable() const;

  /// The absolute path without links.
  const std::string& root() const override {
    return root_;
  }

  /// The absolute path of a name inside the root; the file need not exist.
  /// Refuses a name that is empty, absolute, contains ".." or a NUL, or leads
  /// outside through a symbolic link. A name that no file can have (too long, a
  /// loop of links) is ec::bad_input.
  result<std::string> resolve(const std::string& name) const override;

  /// The one name that a file inside the root has, however it is spelled:
  /// like `resolve`, but relative to the root.
  result<std::string> real_name(const std::string& name) const;

  /// Starts an upload beside `name`. The file appears complete or not at all.
  result<staged_upload> begin(const std::string& name) const;

  /// Writes a whole file durably, under a staged name of this attempt.
  result<staged_file> stage(const std::string& final_name,
                            const attempt_stamp& stamp,
                            std::string_view bytes) const override;

  /// Gives a file that this attempt staged a second name: a hard link. Each may
  /// be published, replaced or removed without the other.
  /// @returns ec::storage_failed if the file system has no hard links
  result<staged_file> stage_same(const std::string& final_name,
                                 const attempt_stamp& stamp,
                                 const staged_file& same) const override;

  /// Gives a published file a staged name: a hard link, or a copy where the
  /// file system has no links.
  result<staged_file>
  stage_known(const std::string& final_name, const attempt_stamp& stamp,
              const std::string& known, uint64_t bytes) const override;

  /// Gives a staged file its final name; replaces an older file. May be
  /// repeated after a crash: if the staged file is gone and the final one
  /// exists, it was published already.
  /// @returns ec::not_found if neither exists.
  status publish(const staged_file& file) const;

  /// Removes a staged file. Succeeds if there is none.
  status discard(const staged_file& file) const;

  /// Removes all files that one attempt staged for an image and did not
  /// publish.
  status remove_attempt(const std::string& image_id,
                        const attempt_stamp& stamp) const override;

  /// Also removes what earlier attempts and older jobs left when they died.
  /// Call it once this attempt has won or was the last.
  status remove_up_to(const std::string& image_id,
                      const attempt_stamp& stamp) const;

  /// Removes the variants that an image had before `kept` were published, and
  /// no longer has.
  status keep_only(const std::string& image_id,
                   const std::vector<staged_file>& kept) const;

  /// Removes an image's variants, staged ones included, and the given
  /// originals. Missing files count as removed. Keeps the variants of other
  /// images and the folder's mark, even if somebody calls them an original.
  /// @param kept real names of files among the variants that stay
  status remove_image(const std::string& image_id,
                      const std::vector<std::string>& originals,
                      const std::vector<std::string>& kept = {}) const;

private:
  template <class Predicate>
  status
  remove_matching(const std::string& image_id, Predicate is_wanted) const;

  explicit local_storage(std::string root);

  status remove_variants(const std::string& folder,
                         const std::vector<std::string>& kept) const;
  status remove_original(const std::string& name) const;

  /// Puts the name inside the root into the text of an error.
  error named(error why) const;
  status named(status done) const;

  std::string root_;
};

} // namespace darkroom
