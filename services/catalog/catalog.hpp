/// The catalog's writer: every row that a job leaves goes through here. A call
/// is one transaction, and the attempt's stamp fences it.
#pragma once

#include "config/settings.hpp"
#include "messages/cluster.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/fence.hpp"
#include "services/catalog/image_status.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// Gives staged files their final names. Runs inside the transaction, just
/// before it commits; an error rolls the rows back. A commit that was
/// interrupted and is repeated calls it again for files that have their names.
using file_publisher
  = std::function<status(const std::vector<staged_file>& files)>;

/// One connection that writes. Blocks; not thread-safe: one actor owns it.
/// `now` is ms since the epoch. A call that gives one of these errors changed
/// nothing: ec::fenced if a later run of the same job owns the part,
/// ec::superseded if a newer job owns it or the image was deleted after the job
/// was added, ec::catalog_failed if the database refuses. After
/// ec::catalog_unavailable nobody knows whether the call was done: make it
/// again.
class catalog {
public:
  /// Opens the database, makes a missing file, and migrates the tables. If the
  /// server cannot be reached, a later call connects and migrates.
  static result<catalog> open(const catalog_settings& cfg);

  /// Adds a pending image, unless there is one of that id.
  status ensure_image(const std::string& id, const std::string& file_path,
                      int64_t now);

  /// A run has started: part and image become processing. A part that failed
  /// and is begun by a newer run leaves failed. Unknown images are added.
  status begin_part(const attempt_stamp& stamp, const std::string& image_id,
                    const std::string& file_path, image_part part, int64_t now);

  /// Writes all that a run leaves behind and completes its part. The same
  /// commit again changes nothing; one whose run was already declared failed
  /// is fenced.
  status commit(const image_commit& rows, int64_t now,
                const file_publisher& publish);

  /// The job is dead: part and image become failed with `why`.
  status fail_part(const attempt_stamp& stamp, const std::string& image_id,
                   const std::string& file_path, image_part part,
                   const std::string& why, int64_t now);

  /// Like `fail_part`, for many images in one transaction. Skips a note that a
  /// newer run or job of the same part has made void.
  status fail_parts(std::vector<part_note> notes, int64_t now);

private:
  /// What a call is about; lives as long as the call.
  struct target {
    const attempt_stamp& stamp;
    const std::string& image_id;
    const std::string& file_path;
    image_part part;
    int64_t now;
  };

  /// A part as it was before the call.
  struct part_state {
    fence_verdict verdict = fence_verdict::newer;
    work_status status = work_status::pending;
  };

  explicit catalog(database db) : db_(std::move(db)) {}

  result<part_state> pass_fence(const target& at);
  status pass_deletion(const target& at);
  status settle(const target& at, work_status to, const std::string& why);
  status put_image(const target& at);
  status put_part(const target& at, work_status to, const std::string& why);
  status refresh_image(const target& at);

  database db_;
};

} // namespace darkroom
