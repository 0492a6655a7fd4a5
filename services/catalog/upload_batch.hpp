/// What an upload writes into the catalog, and the outcome.
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
  std::string file_path;     ///< its future path below the uploads folder
  std::string original_name; ///< the uploader's name for it; may be empty
  std::string sha256;        ///< of its bytes, in hex
  bool may_repeat = false;   ///< add it even if its bytes are known
  std::vector<new_job> jobs; ///< with ids of their own; their options are the
                             ///< queue's default
};

/// An image with the same bytes as an upload.
struct known_image {
  std::string id;
  std::string file_path;
  std::string original_name;
  std::string status;
};

/// The answer to an upload.
struct kept_answer {
  int64_t status = 0; ///< of HTTP
  std::string body;
};

/// What one request uploads.
struct upload_batch {
  std::string key;    ///< Idempotency-Key; empty: none
  std::string sha256; ///< of the whole upload, to recognise it
  std::vector<new_image> images;
};

/// The outcome of a batch.
struct upload_outcome {
  /// For each image, the known image with the same bytes, or nothing if it is
  /// new.
  std::vector<std::optional<known_image>> known;
  bool is_replay = false;     ///< the key was used before and got `answer`
  bool is_other_body = false; ///< …and for other bytes: nothing was done
  int64_t created_at = 0;     ///< of the new images and their jobs
  kept_answer answer;
};

} // namespace darkroom
