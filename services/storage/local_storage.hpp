/// The uploads folder: originals as they came, and the variants made from them.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/storage/image_storage.hpp"
#include "services/storage/staged_upload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Keeps no state but its root: any number of threads and processes may use the
/// same folder. All names are relative to the root; a name that leads out of it
/// fails with ec::forbidden_path. If the file system refuses, the error is
/// ec::storage_failed.
class local_storage final : public image_storage {
public:
  /// Creates the folder if it is missing.
  static result<local_storage> open(const std::string& root);

  /// Fails for another user's folder and a read-only disk. Leaves no trace.
  status check_writable() const override;

  const std::string& root() const override {
    return root_;
  }

  /// The absolute path of a name inside the root; the file need not exist.
  /// Refuses a name that is empty, absolute, contains ".." or a NUL, or leads
  /// outside through a symbolic link. A name that no file can have (too long, a
  /// loop of links) is ec::bad_input.
  result<std::string> resolve(const std::string& name) const;

  status check_name(const std::string& name) const override;

  /// Like `resolve`, but relative to the root.
  result<std::string> real_name(const std::string& name) const override;

  /// The file itself, without a look whether it exists.
  result<original_file> fetch(const std::string& name,
                              const std::atomic<bool>* cancel) const override;

  /// Does not follow a link.
  result<std::optional<found_file>>
  find(const std::string& name) const override;
  /// Follows links; so does `source_of`.
  bool is_gone(const std::string& name) const override;
  result<bool> is_empty() const override;
  result<file_source> source_of(const std::string& name,
                                bool is_head) const override;
  status add_original(const std::string& name,
                      std::string_view bytes) const override;
  result<local_storage> aside() const override;
  bool writes_at_once() const override;

  /// Starts an upload beside `name`. The file appears complete or not at all.
  result<staged_upload> begin(const std::string& name) const;

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
  status publish(const staged_file& file) const override;

  status discard(const staged_file& file) const override;

  status remove_attempt(const std::string& image_id,
                        const attempt_stamp& stamp) const override;

  /// Staged files are never in use.
  status
  remove_up_to(const std::string& image_id, const attempt_stamp& stamp,
               const std::vector<std::string>& in_use = {}) const override;

  /// Removes the variants that an image had before `kept` were published, and
  /// no longer has.
  status keep_only(const std::string& image_id,
                   const std::vector<staged_file>& kept) const override;

  /// Missing files count as removed. Keeps the variants of other images and the
  /// folder's mark, even if somebody calls them an original.
  status remove_image(const std::string& image_id,
                      const std::vector<std::string>& originals,
                      const std::vector<std::string>& kept = {}) const override;

  std::unique_ptr<file_walk> walk() const override;

  /// A folder of variants that is empty then is removed.
  status put_away(const std::string& name, bool is_deleted) const override;

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
