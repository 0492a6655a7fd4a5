/// Which images there are: uploads with the jobs that Redis does not have yet,
/// and deletions. What the jobs themselves write goes through `catalog`.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/image_files.hpp"
#include "services/catalog/upload_batch.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Jobs that one upload, or several of the same millisecond, left to be added.
struct waiting_jobs {
  int64_t created_at = 0; ///< the time that they are to be added with
  std::vector<new_job> jobs;
};

/// What a deletion removed from the catalog.
struct deleted_image {
  image_files files;      ///< that may go, too
  bool was_there = false; ///< false: an earlier call has removed its rows
};

/// One connection that writes. Blocks; not thread-safe. `now` is ms since the
/// epoch. Errors as `catalog` gives them.
class image_book {
public:
  /// As `catalog::open`.
  /// @param queue where the jobs of uploads are added: other main nodes may
  ///   have the same catalog and another queue
  static result<image_book> open(const catalog_settings& cfg,
                                 std::string queue);

  /// Gives the new ones of a batch their files; an error undoes the rows.
  using publisher
    = std::function<status(const std::vector<std::optional<known_image>>&)>;
  /// What is kept as the answer for the key.
  using answerer = std::function<kept_answer(
    const std::vector<std::optional<known_image>>&)>;

  /// Writes the rows of all images that are new, with their jobs, in one
  /// transaction; or finds what the key was answered before.
  result<upload_outcome> add(const upload_batch& batch, int64_t now,
                             const publisher& publish, const answerer& answer);

  /// Jobs that our queue is not known to have, oldest first, of those written
  /// until `until`. Forgets those that a worker began meanwhile.
  result<std::vector<waiting_jobs>> outbox(int64_t until, int64_t limit);

  /// Of the jobs of an upload those that are still to be added: neither was
  /// their image deleted meanwhile, nor were they added by somebody else.
  result<std::vector<new_job>> still_waiting(const std::vector<new_job>& jobs);

  /// Redis has these jobs. `answer` is kept for the key, if there is one.
  status added(const std::vector<new_job>& jobs, const std::string& key = {},
               const kept_answer& answer = {});

  /// Removes all rows of an image, and lets no job that was added until now
  /// make them again. May be repeated.
  /// @param folder of its variants
  /// @returns ec::not_found if there never was one of that id
  result<deleted_image> remove(const std::string& id, int64_t now,
                               const std::string& folder,
                               const real_name_of& look);

  /// Has the files removed that uploads published until `until` and died
  /// before their images had rows.
  status
  sweep_files(int64_t until,
              const std::function<status(const std::string& path)>& remove);

private:
  image_book(database db, std::string queue)
    : db_(std::move(db)),
      queue_(std::move(queue)) {}

  result<std::vector<waiting_jobs>> read_outbox(int64_t until, int64_t limit);
  result<int64_t> newest_stamp(const std::string& id);
  status mark_deleted(const std::string& id,
                      const std::vector<std::string>& paths, int64_t at);
  status find_deleted(const std::string& id, std::vector<std::string>& paths);
  /// @returns nothing where another writer was first: to be tried again
  result<std::optional<upload_outcome>>
  try_add(const upload_batch& batch, int64_t now, const publisher& publish,
          const answerer& answer);
  /// @returns whether the key is free, and taken now
  result<bool> take_key(const upload_batch& batch, int64_t now,
                        upload_outcome& out);
  status forget_old_keys(const upload_batch& batch, int64_t now);
  status keep_answer(const upload_batch& batch, const upload_outcome& out,
                     const kept_answer& answer);
  status forget_keys_of(const std::string& image_id);
  /// So that a file whose row is never written is found.
  status note_files(const upload_batch& batch, int64_t now);
  status forget_files(const upload_batch& batch);
  result<std::optional<known_image>> find_bytes(const std::string& sha256);
  /// @returns false where another writer was first
  result<bool> put(const new_image& image, int64_t now);

  database db_;
  std::string queue_;
};

} // namespace darkroom
