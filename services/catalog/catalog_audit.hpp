/// What the catalog has of images, for whoever compares it with the queue and
/// the files: rows in pages, and the rows of images that do not exist.
#pragma once

#include "config/settings.hpp"
#include "messages/image_part.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/image_status.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// A part of an image that was begun.
struct audited_part {
  image_part part{};
  work_status status = work_status::pending;
  attempt_stamp stamp; ///< the newest
};

/// An image without its texts. Times are ms since the epoch.
struct audited_image {
  std::string id;
  std::string file_path;
  bool is_upload = false; ///< a main node stored its file
  std::string status;
  int64_t created_at = 0;
  int64_t changed_at = 0; ///< by any job
  std::vector<audited_part> parts;
  std::vector<std::string> variants; ///< paths of their files
  bool has_metadata = false;
  bool has_text = false; ///< metadata from which a vector is made
  bool has_vector = false;
  bool has_outbox = false; ///< jobs that Redis may not have yet

  /// Null if it was never begun.
  const audited_part* find(image_part part) const;
};

/// Ids that have rows but no image.
struct orphan_ids {
  std::vector<std::string> rows;    ///< in any table but `embeddings`
  std::vector<std::string> vectors; ///< in `embeddings`
};

/// What is known of an id.
struct image_trace {
  bool has_row = false;   ///< it has one
  bool is_coming = false; ///< an upload is about to write it
  int64_t deleted_at = 0; ///< 0: it was not deleted
};

/// A job that an upload wrote and Redis may not have.
struct outbox_job {
  std::string id;
  std::string image_id;
  int64_t created_at = 0;
};

/// One connection. Blocks; not thread-safe. Errors are those of `database`.
class catalog_audit {
public:
  /// @param how with access::read_only nothing is written, and a catalog that
  ///   does not exist is an error
  static result<catalog_audit> open(const catalog_settings& cfg, access how);

  /// Images in the order of their ids, from the one behind `after`.
  result<std::vector<audited_image>> images(const std::string& after,
                                            int64_t limit);

  /// One image, or nothing.
  result<std::vector<audited_image>> image(const std::string& id);

  /// Ids behind `after` up to `until`; to the end if that is empty.
  result<orphan_ids> orphans(const std::string& after,
                             const std::string& until);

  /// Whether one id has rows without an image.
  result<orphan_ids> orphans_of(const std::string& id);

  result<image_trace> trace_of(const std::string& id);

  /// Calls `take` with every image's id, its path, and where its upload was
  /// stored (or empty).
  status each_path(
    const std::function<void(const std::string& id, const std::string& path,
                             const std::string& uploaded)>& take);

  /// Whether a job is still in the outbox.
  result<bool> is_in_outbox(const std::string& job_id);

  /// Jobs of this queue that were written until `until`, oldest first.
  result<std::vector<outbox_job>> outbox(const std::string& queue,
                                         int64_t until, int64_t limit);

  /// Removes the rows of an image that does not exist; every vector index hears
  /// of it. @returns whether there were any
  result<bool> remove_orphan(const std::string& id);

private:
  explicit catalog_audit(database db) : db_(std::move(db)) {}

  status fill(std::vector<audited_image>& images);
  result<orphan_ids> find_orphans(const std::string& after,
                                  const std::string& until, bool is_one);
  result<std::vector<std::string>>
  orphans_in(const char* table, const char* column, const std::string& after,
             const std::string& until, bool is_one);

  database db_;
};

} // namespace darkroom
