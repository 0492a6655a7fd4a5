/// What an answer other than 2xx means for the job that asked.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What to do about a refusal: a text that begins with "; ", or nothing. Gets
/// the answer's status and body. The caller chooses it, because only the caller
/// knows whom it asked.
using advice_of = std::string (*)(long code, const std::string& body);

/// Advice for a provider of models, whose address, model and key are settings.
std::string provider_advice(long code, const std::string& body);

/// No advice: for a URL that is itself the setting.
std::string no_advice(long code, const std::string& body);

/// Milliseconds until the time in `text`, the value of a Retry-After header
/// (seconds or an HTTP date). The result is kept between 1 s and a day; it is 0
/// if the header is missing or unreadable.
/// @param now ms since the epoch
int64_t parse_retry_after(const std::string& text, int64_t now);

/// An answer other than 2xx.
struct http_refusal {
  long code = 0;           ///< its status
  std::string retry_after; ///< value of that header, empty if there is none
  std::string body;
};

/// The error for an answer:
/// 429, and 503 with Retry-After -> ec::throttled (10 s without Retry-After);
/// 408, 425 and other 5xx -> ec::upstream_failed;
/// all others -> ec::upstream_refused. Quotes the provider's own message.
/// @param who the URL as errors show it
/// @param secret is replaced by "***" in the provider's message
error http_error(const http_refusal& answer, const std::string& who,
                 const std::string& secret, int64_t now,
                 advice_of advice = provider_advice);

} // namespace darkroom
