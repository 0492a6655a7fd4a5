/// Pictures in a bucket of an S3 server.
#pragma once

#include "config/settings.hpp"
#include "services/s3/s3_bucket.hpp"
#include "services/storage/image_storage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Nothing can be renamed in a bucket, so each attempt writes its variants
/// under names that no other attempt ever uses. They are published when the
/// catalog commits rows that name them. So an attempt that comes late
/// overwrites nothing; what it or a killed one left is removed when the image's
/// next attempt ends, or else by fsck. Each object appears whole or not at all.
///
/// Errors are those of `local_storage`, with the server's own words.
class s3_storage final : public image_storage {
public:
  /// Sends nothing.
  /// @param longest_original bytes that `fetch` reads
  /// @returns ec::bad_config if the endpoint is no URL
  static result<s3_storage> open(const storage_settings& storage,
                                 uint64_t longest_original);

  /// Empty.
  const std::string& root() const override;

  status check_name(const std::string& name) const override;

  /// A private copy, whose length and sum were checked.
  result<original_file> fetch(const std::string& name,
                              const std::atomic<bool>* cancel) const override;

  result<staged_file> stage(const std::string& final_name,
                            const attempt_stamp& stamp,
                            std::string_view bytes) const override;

  /// There are no links.
  result<staged_file> stage_same(const std::string& final_name,
                                 const attempt_stamp& stamp,
                                 const staged_file& same) const override;

  /// The server copies the object.
  result<staged_file>
  stage_known(const std::string& final_name, const attempt_stamp& stamp,
              const std::string& known, uint64_t bytes) const override;

  status remove_attempt(const std::string& image_id,
                        const attempt_stamp& stamp) const override;

  status check_writable() const override;

  /// Without "." and double slashes, which would be another object.
  result<std::string> real_name(const std::string& name) const override;

  result<std::optional<found_file>>
  find(const std::string& name) const override;
  bool is_gone(const std::string& name) const override;
  result<bool> is_empty() const override;

  /// A signed URL; asks nobody whether the object exists.
  result<file_source> source_of(const std::string& name,
                                bool is_head) const override;

  status add_original(const std::string& name,
                      std::string_view bytes) const override;

  /// `[storage] uploads`, a folder of this machine.
  result<local_storage> aside() const override;

  bool writes_at_once() const override;

  /// Sends an upload. Variants have their names already.
  status publish(const staged_file& file) const override;

  /// Removes nothing, as rows name the older files until the catalog commits.
  status keep_only(const std::string& image_id,
                   const std::vector<staged_file>& kept) const override;

  status discard(const staged_file& file) const override;
  status remove_up_to(const std::string& image_id, const attempt_stamp& stamp,
                      const std::vector<std::string>& in_use) const override;
  status remove_image(const std::string& image_id,
                      const std::vector<std::string>& originals,
                      const std::vector<std::string>& kept) const override;
  std::unique_ptr<file_walk> walk() const override;
  status put_away(const std::string& name, bool is_deleted) const override;

private:
  s3_storage(const storage_settings& storage, s3_bucket bucket,
             uint64_t longest_original);

  template <class Predicate>
  status
  remove_matching(const std::string& image_id, Predicate is_wanted) const;

  std::string uploads_; ///< see `aside`
  s3_bucket bucket_;
  uint64_t longest_;
};

} // namespace darkroom
