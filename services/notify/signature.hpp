/// How a receiver knows that a call of the webhook is Darkroom's.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// "t=<seconds>,v1=<hex>": the HMAC-SHA-256 of "<seconds>.<body>". A receiver
/// computes the same, compares in constant time, and refuses old times, because
/// somebody may send a call again that he saw.
/// @param seconds since the epoch, when the call is sent
std::string signature_of(const std::string& body, int64_t seconds,
                         const std::string& secret);

} // namespace darkroom
