/// The catalog's writer: it writes every row that a job leaves. Each call is
/// one transaction, fenced by the attempt's stamp.
#pragma once

#include "config/settings.hpp"
#include "messages/cluster.hpp"
#include "messages/known_result.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/app_mirror.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/fence.hpp"
#include "services/catalog/image_status.hpp"
#include "services/catalog/vector_space.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// Gives staged files their final names. Runs inside the transaction, just
/// before it commits; an error rolls the rows back. If a commit was interrupted
/// and is repeated, it is called again for files that already have their final
/// names.
using file_publisher
  = std::function<status(const std::vector<staged_file>& files)>;

/// One connection that writes. Blocks; not thread-safe: one actor owns it.
/// `now` is ms since the epoch. A call changed nothing if it returns ec::fenced
/// (a later run of the same job owns the part), ec::superseded (a newer job
/// owns it, or the image was deleted after the job was added) or
/// ec::catalog_failed (the database refuses). After ec::catalog_unavailable it
/// is unknown whether the call succeeded: repeat it.
class catalog {
public:
  /// Opens the database, makes a missing file, and migrates the tables. If the
  /// server cannot be reached, a later call connects and migrates.
  static result<catalog> open(const catalog_settings& cfg);

  /// Adds a pending image, unless the id exists.
  status ensure_image(const std::string& id, const std::string& file_path,
                      int64_t now);

  /// A run has started: the part and the image become processing, also if the
  /// part failed in an older run. Adds an unknown image.
  status begin_part(const attempt_stamp& stamp, const std::string& image_id,
                    const std::string& file_path, image_part part, int64_t now);

  /// Writes everything that a run produced, and completes its part. The same
  /// commit again changes nothing. A commit whose run was already declared
  /// failed is fenced.
  status commit(const image_commit& rows, int64_t now,
                const file_publisher& publish);

  /// The job failed for good: the part and the image become failed with `why`.
  status fail_part(const attempt_stamp& stamp, const std::string& image_id,
                   const std::string& file_path, image_part part,
                   const std::string& why, int64_t now);

  /// Like `fail_part`, for many images in one transaction. Skips a note if a
  /// newer run or job of the same part exists.
  status fail_parts(std::vector<part_note> notes, int64_t now);

  /// Derives the image's status from its parts once more. Changes nothing if
  /// there is no such image.
  status refresh(const std::string& image_id, int64_t now);

  /// Makes a space the one that is searched, and forgets the vectors of all
  /// others.
  /// @returns ec::conflict if a text has no fresh vector in the space yet
  status search_in(const vector_space& space);

  /// The files that the variants of an image are in. Changes nothing.
  result<std::vector<std::string>> variant_files(const std::string& image_id);

  /// The newest image that has variants of these bytes, made by this recipe.
  /// Nothing if there is none. Changes nothing.
  result<known_result> find(const result_query& query);

private:
  /// The arguments of one call; lives as long as the call.
  struct target {
    const attempt_stamp& stamp;
    const std::string& image_id;
    const std::string& file_path;
    image_part part = {};
    int64_t now = 0;
    bool is_done = false; ///< the run has a result: its file is the image's
  };

  /// A part as it was before the call.
  struct part_state {
    fence_verdict verdict = fence_verdict::newer;
    work_status status = work_status::pending;
  };

  catalog(database db, app_mirror app)
    : db_(std::move(db)),
      app_(std::move(app)) {}

  result<part_state> pass_fence(const target& at);
  status pass_deletion(const target& at);
  status settle(const target& at, work_status to, const std::string& why);
  status put_image(const target& at);
  status put_part(const target& at, work_status to, const std::string& why);
  status refresh_image(const target& at);

  database db_;
  app_mirror app_;
};

} // namespace darkroom
