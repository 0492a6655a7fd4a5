/// Reads the XML that S3 servers answer.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// What an error says; both empty if the text is none.
struct s3_refusal {
  std::string code;    ///< "NoSuchKey"
  std::string message; ///< the server's own words
};

/// Looks at the answer to any request. Some, like that to a copy, say 200 and
/// then hold an error.
s3_refusal read_refusal(const std::string& xml);

struct s3_object {
  std::string key;
  uint64_t size = 0;
  int64_t changed_at = 0; ///< ms since the epoch
};

struct s3_page {
  std::vector<s3_object> objects;
  std::string next; ///< the token of the next page; empty if this is the last
};

/// The answer to ListObjectsV2.
/// @returns ec::protocol if it is no such answer
result<s3_page> read_page(const std::string& xml);

/// The id in the answer to the beginning of an upload in parts.
/// @returns ec::protocol if there is none
result<std::string> read_upload_id(const std::string& xml);

} // namespace darkroom
