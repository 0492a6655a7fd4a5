/// What an upload writes into the catalog, and what becomes of it.
#pragma once

#include "messages/job.hpp"

#include <cstdint>
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
  int64_t created_at = 0;     ///< of the new images, and so of their jobs
  kept_answer answer;
};

} // namespace darkroom
