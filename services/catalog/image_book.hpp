/// Which images there are: uploads with the jobs that Redis does not have yet,
/// and deletions. The results of jobs go through `catalog`.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/app_mirror.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/image_files.hpp"
#include "services/catalog/upload_batch.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Jobs that one upload, or several in the same millisecond, still have to add.
struct waiting_jobs {
  int64_t created_at = 0; ///< the timestamp that the jobs will have
  std::vector<new_job> jobs;
};

/// What a deletion removed from the catalog.
struct deleted_image {
  image_files files;      ///< that can be deleted as well
  bool was_there = false; ///< false: an earlier call has removed its rows
};

/// One connection that writes. Blocks; not thread-safe. `now` is ms since the
/// epoch. Errors are the same as those of `catalog`.
class image_book {
public:
  /// Like `catalog::open`.
  /// @param queue gets the jobs of uploads. Other main nodes may use the same
  ///   catalog with another queue
  static result<image_book> open(const catalog_settings& cfg,
                                 std::string queue);

  /// Publishes the files of the new images of a batch. An error undoes the
  /// rows.
  using publisher
    = std::function<status(const std::vector<std::optional<known_image>>&)>;
  /// Makes the answer that is kept for the key.
  using answerer = std::function<kept_answer(
    const std::vector<std::optional<known_image>>&)>;

  /// Writes the rows of all images that are new, with their jobs, in one
  /// transaction; or finds the answer that the key got before.
  result<upload_outcome> add(const upload_batch& batch, int64_t now,
                             const publisher& publish, const answerer& answer);

  /// Notes the files of a batch, so that `sweep_files` finds those without a
  /// row. `add` does so, too: this is for files that are published before it.
  status note_files(const upload_batch& batch, int64_t now);

  /// Jobs written until `until` that our queue may not have yet, oldest first.
  /// Forgets those that a worker has begun.
  result<std::vector<waiting_jobs>> outbox(int64_t until, int64_t limit);

  /// Those of an upload's jobs that must still be added. Leaves out jobs that
  /// somebody else has added, and jobs whose image was deleted.
  result<std::vector<new_job>> still_waiting(const std::vector<new_job>& jobs);

  /// Notes that Redis has these jobs. Keeps `answer` for the key, if there is
  /// one.
  status added(const std::vector<new_job>& jobs, const std::string& key = {},
               const kept_answer& answer = {});

  /// Removes all rows of an image. Jobs that were added until now cannot make
  /// them again. May be repeated.
  /// @param folder the folder of its variants
  /// @returns ec::not_found if the id never existed
  result<deleted_image> remove(const std::string& id, int64_t now,
                               const std::string& folder,
                               const real_name_of& look);

  /// Calls `remove` with each file that an upload published until `until` and
  /// whose image never got its row, because the upload died.
  status
  sweep_files(int64_t until,
              const std::function<status(const std::string& path)>& remove);

private:
  image_book(database db, app_mirror app, std::string queue)
    : db_(std::move(db)),
      app_(std::move(app)),
      queue_(std::move(queue)) {}

  result<std::vector<waiting_jobs>> read_outbox(int64_t until, int64_t limit);
  result<int64_t> newest_stamp(const std::string& id);
  status mark_deleted(const std::string& id,
                      const std::vector<std::string>& paths, int64_t at);
  status find_deleted(const std::string& id, std::vector<std::string>& paths);
  /// @returns nothing if another writer was first; then try again
  result<std::optional<upload_outcome>>
  try_add(const upload_batch& batch, int64_t now, const publisher& publish,
          const answerer& answer);
  /// @returns whether the key was free; it is taken now
  result<bool> take_key(const upload_batch& batch, int64_t now,
                        upload_outcome& out);
  status forget_old_keys(const upload_batch& batch, int64_t now);
  status keep_answer(const upload_batch& batch, const upload_outcome& out,
                     const kept_answer& answer);
  status forget_keys_of(const std::string& image_id);
  status forget_files(const upload_batch& batch);
  result<std::optional<known_image>> find_bytes(const std::string& sha256);
  /// @returns false if another writer was first
  result<bool> put(const new_image& image, int64_t now);

  database db_;
  app_mirror app_;
  std::string queue_;
};

} // namespace darkroom
