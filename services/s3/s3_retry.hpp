/// Whether a request to an S3 server is sent again, and what errors say.
#pragma once

#include "messages/error.hpp"
#include "services/s3/s3_xml.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace darkroom {

/// How one try of a request ended.
struct s3_try {
  long status = 0; ///< 0: no answer, or none to its end
  s3_refusal refusal = {};
  std::string trouble
    = {};              ///< why there is no answer; or what is wrong with it
  int64_t wait_ms = 0; ///< of Retry-After; 0: none

  bool is_done() const {
    return status >= 200 && status < 300 && refusal.code.empty()
           && trouble.empty();
  }
};

/// Whether the same request may succeed a moment later: no answer, 5xx, 408,
/// 429, and codes of requests that were damaged on the way. A 404 is not: the
/// job that asks comes back later.
bool may_pass(const s3_try& x);

/// How long to wait after the n-th try, from 1 on: 0.2 s, 0.4 s, … up to 5 s,
/// of which `luck` (0 to 1) takes off up to a half, so that nodes do not come
/// back all at once. A server that names a time gets it, up to 30 s.
std::chrono::milliseconds pause_after(uint32_t tries, const s3_try& x,
                                      double luck);

/// The error of a request that failed for good: ec::not_found for a missing
/// object, else ec::storage_failed. Quotes the server's code and message.
/// @param what "cannot read 'cat.jpg' in bucket 'b' at https://…"
error s3_error(const std::string& what, const s3_try& x, uint32_t tries);

} // namespace darkroom
