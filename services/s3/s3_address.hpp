/// Where a bucket is.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// "https://host/bucket/key", or "https://bucket.host/key".
struct s3_address {
  std::string origin; ///< "https://host:9000", of the URLs of all objects
  std::string host;   ///< "host:9000", as the header has it
  std::string path;   ///< of the bucket: "/bucket", or empty

  /// @returns ec::bad_config if s3_endpoint is not such a URL
  static result<s3_address> of(const storage_settings& storage);
};

} // namespace darkroom
