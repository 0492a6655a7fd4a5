/// What an answer that is not 2xx means for the job behind it.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What to do about a refusal, begun with "; ", or nothing: only the caller
/// knows whom it asked. Gets the answer's status and body.
using advice_of = std::string (*)(long code, const std::string& body);

/// Of a provider of models, whose address, model and key are settings.
std::string provider_advice(long code, const std::string& body);

/// Of an address that is a setting by itself.
std::string no_advice(long code, const std::string& body);

/// Milliseconds until `text`, the value of a Retry-After header (seconds or an
/// HTTP date), kept between 1 s and a day; 0 if there is none or it is
/// neither.
/// @param now ms since the epoch
int64_t parse_retry_after(const std::string& text, int64_t now);

/// The error for an answer:
/// 429, and 503 with Retry-After -> ec::throttled (10 s where it is not told);
/// 408, 425 and other 5xx -> ec::upstream_failed; the rest ->
/// ec::upstream_refused. Quotes the provider's own message.
/// @param who the URL as errors show it
/// @param secret is blotted out of the provider's message
error http_error(long code, const std::string& retry_after,
                 const std::string& body, const std::string& who,
                 const std::string& secret, int64_t now,
                 advice_of advice = provider_advice);

} // namespace darkroom
