/// Which images there are: uploads with the jobs that Redis does not have yet,
/// and deletions. What the jobs themselves write goes through `catalog`.
#pragma once

#include "config/settings.hpp"
#include "messages/job.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/image_files.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// A picture that was uploaded and has no row yet.
struct new_image {
  std::string id;
  std::string file_path;     ///< what it will have below the uploads folder
  std::string original_name; ///< as the uploader called it; may be empty
  std::string sha256;        ///< of its bytes, in hex
  bool may_repeat = false;   ///< also where these bytes are known
  std::vector<new_job> jobs; ///< with ids of their own; their options are the
                             ///< queue's default
};

/// An image whose bytes are those of an upload.
struct known_image {
  std::string id;
  std::string file_path;
  std::string original_name;
  std::string status;
};

/// What an upload was answered.
struct kept_answer {
  int64_t status = 0; ///< of HTTP
  std::string body;
};

/// What one request uploads.
struct upload_batch {
  std::string key;    ///< Idempotency-Key; empty: none
  std::string sha256; ///< of all that is uploaded, to know the key's body by
  std::vector<new_image> images;
};

/// What became of a batch.
struct upload_outcome {
  /// For each image the known one that has its bytes; none where it is new.
  std::vector<std::optional<known_image>> known;
  bool is_replay = false;     ///< the key was used: `answer` was given for it
  bool is_other_body = false; ///< and for other bytes: nothing was done
  kept_answer answer;
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
  static result<image_book> open(const catalog_settings& cfg);

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

  /// Jobs that Redis is not known to have, oldest first, of those written until
  /// `until`. Forgets those that a worker began meanwhile.
  result<std::vector<new_job>> outbox(int64_t until, int64_t limit);

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

private:
  explicit image_book(database db) : db_(std::move(db)) {}

  result<std::vector<new_job>> read_outbox(int64_t until, int64_t limit);
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
  result<std::optional<known_image>> find_bytes(const std::string& sha256);
  /// @returns false where another writer was first
  result<bool> put(const new_image& image, int64_t now);

  database db_;
};

} // namespace darkroom
