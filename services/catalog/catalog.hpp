/// The catalog's writer: every row Darkroom leaves behind goes through here,
/// fenced by the attempt's stamp and in one transaction a call.
#pragma once

#include "config/settings.hpp"
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
/// before it commits; an error rolls the rows back. May be called again for
/// files that an earlier, interrupted commit renamed already.
using file_publisher
  = std::function<status(const std::vector<staged_file>& files)>;

/// One connection that writes. Blocks; not thread-safe: one actor owns it.
/// `now` is ms since the epoch, `part` is metadata, variants or embedding.
/// Errors, none of which changes anything: ec::fenced where a later run of the
/// same job owns the part, ec::superseded where a newer job does, or the image
/// was deleted after the job was added,
/// ec::catalog_failed where the database refuses, ec::catalog_unavailable where
/// it is away: then the call may have been done, and is to be made again.
class catalog {
public:
  /// Opens the database, makes it if it is a missing file, and migrates it. One
  /// whose server is away is opened, and migrated, by a later call.
  static result<catalog> open(const catalog_settings& cfg);

  /// Adds a pending image unless it is known.
  status ensure_image(const std::string& id, const std::string& file_path,
                      int64_t now);

  /// A run has started: part and image become processing. A part that failed
  /// and is begun by a newer run leaves failed. Unknown images are added.
  status begin_part(const attempt_stamp& stamp, const std::string& image_id,
                    const std::string& file_path, const std::string& part,
                    int64_t now);

  /// Writes all that a run leaves behind and completes its part. The same
  /// commit again changes nothing; one whose run was already declared failed
  /// is fenced.
  status commit(const image_commit& rows, int64_t now,
                const file_publisher& publish);

  /// The job is dead: part and image become failed with `why`.
  status fail_part(const attempt_stamp& stamp, const std::string& image_id,
                   const std::string& file_path, const std::string& part,
                   const std::string& why, int64_t now);

private:
  /// What a call is about; lives as long as the call.
  struct target {
    const attempt_stamp& stamp;
    const std::string& image_id;
    const std::string& file_path;
    const std::string& part;
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
