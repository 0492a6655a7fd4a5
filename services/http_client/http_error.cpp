#include "services/http_client/http_error.hpp"

#include "messages/result.hpp"
#include "services/json/json.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace darkroom {

namespace {

constexpr int64_t default_retry_ms = 10000; // quotas count per minute
constexpr int64_t min_retry_ms = 1000;      // a "0" must not cause a busy loop
constexpr int64_t max_retry_ms = 86400000;  // a day, as budgets are daily
constexpr size_t max_quoted = 300;          // of the provider's message, bytes

/// The text at `value`, `value.message` or `value.error…`: providers differ.
std::string message_in(const nlohmann::json& value, int depth = 0) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_object() && depth < 3)
    for (auto key : {"error", "message", "detail"})
      if (auto found = value.find(key); found != value.end())
        if (auto text = message_in(*found, depth + 1); !text.empty())
          return text;
  return {};
}

std::string quoted(const std::string& body, const std::string& secret) {
  auto value = parse_json(body);
  auto text = value ? message_in(*value) : body;
  for (size_t at = 0;
       !secret.empty() && (at = text.find(secret, at)) != std::string::npos;)
    text.replace(at, secret.size(), "***");
  if (text.size() > max_quoted)
    text = text.substr(0, max_quoted) + "...";
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ')
      c = ' ';
  return text.empty() ? "no message" : "\"" + text + "\"";
}

} // namespace

std::string provider_advice(long code, const std::string&) {
  switch (code) {
    case 401:
    case 403:
      return "; check the API key";
    case 404:
    case 405:
      return "; check base_url and model";
    default:
      return {};
  }
}

std::string no_advice(long, const std::string&) {
  return {};
}

int64_t parse_retry_after(const std::string& text, int64_t now) {
  int64_t seconds = 0;
  auto last = text.data() + text.size();
  auto [end, bad] = std::from_chars(text.data(), last, seconds);
  if (bad == std::errc() && end == last)
    return std::clamp(std::min(seconds, max_retry_ms) * 1000, min_retry_ms,
                      max_retry_ms);
  auto date = text.empty() ? -1 : curl_getdate(text.c_str(), nullptr);
  if (date == -1)
    return 0;
  return std::clamp(static_cast<int64_t>(date) * 1000 - now, min_retry_ms,
                    max_retry_ms);
}

error http_error(const http_refusal& answer, const std::string& who,
                 const std::string& secret, int64_t now, advice_of advice) {
  auto code = answer.code;
  auto context = who + " answered " + std::to_string(code) + ": "
                 + quoted(answer.body, secret) + advice(code, answer.body);
  if (code >= 300 && code < 400)
    context += "; redirects are not followed: set the final URL";
  auto wait = parse_retry_after(answer.retry_after, now);
  if (code == 429 || (code == 503 && wait > 0))
    return {ec::throttled, std::move(context), wait ? wait : default_retry_ms};
  auto may_pass = code == 408 || code == 425 || code >= 500;
  return fail(may_pass ? ec::upstream_failed : ec::upstream_refused,
              std::move(context));
}

} // namespace darkroom
