/// AWS Signature Version 4, as S3 wants it. libcurl has it, too, but the one of
/// Debian 12 neither sorts the query nor encodes paths like S3.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace darkroom {

/// Who signs, and for where.
struct s3_signer {
  std::string access_key;
  std::string secret_key;
  std::string region;
};

/// What is signed of a request. Both lists are in the order of their names.
struct s3_request {
  std::string method;
  std::string host; ///< with the port, if the URL has one
  std::string path; ///< encoded, from "/" on
  std::map<std::string, std::string> query = {};   ///< not encoded
  std::map<std::string, std::string> headers = {}; ///< names in lower case
  /// SHA-256 of the body in hex.
  std::string body_sha256 = empty_sha256;

  static constexpr auto empty_sha256
    = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
};

/// The query as a URL has it: "a=1&b=".
std::string s3_query(const std::map<std::string, std::string>& query);

/// Adds the headers `x-amz-date`, `x-amz-content-sha256` and `authorization`,
/// which covers all headers and the host.
/// @param now ms since the epoch
void sign(s3_request& request, const s3_signer& by, int64_t now);

/// The query of a URL by which anybody may send the request, without a body,
/// until `lifetime` has passed: "X-Amz-Algorithm=…&X-Amz-Signature=…".
std::string signed_query(s3_request request, const s3_signer& by, int64_t now,
                         std::chrono::seconds lifetime);

} // namespace darkroom
