#include "services/provider/retry_hint.hpp"

#include "services/json/member.hpp"
#include "services/text/words.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <ctime>
#include <optional>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t min_hint_ms = 200; // a shorter wait costs more than it saves
constexpr int64_t over_hint_ms = 1000; // a "0" must not cause a busy loop
constexpr double max_number = 1e15;    // ms since the epoch have 13 digits
constexpr int max_field_depth = 6;     // of a field in an error

/// ms of a unit, which the text begins with; 0 for an unknown one.
double unit_ms(const std::string& unit) {
  if (unit.empty())
    return 1000;
  if (unit == "ms" || unit.starts_with("milli"))
    return 1;
  if (unit == "s" || unit.starts_with("sec"))
    return 1000;
  if (unit == "m" || unit.starts_with("min"))
    return 60000;
  if (unit == "h" || unit.starts_with("hour"))
    return 3600000;
  return unit == "d" || unit.starts_with("day") ? 86400000 : 0;
}

/// Reads numbers with units from the beginning of a text.
struct duration_reader {
  const std::string& text;
  size_t at = 0;

  void skip_space() {
    while (at < text.size() && text[at] == ' ')
      ++at;
  }

  std::optional<double> number() {
    auto start = at;
    while (at < text.size()
           && (std::isdigit(static_cast<unsigned char>(text[at])) != 0
               || (text[at] == '.' && at > start)))
      ++at;
    auto digits = text.substr(start, at - start);
    if (digits.empty() || digits.size() > 20)
      return std::nullopt;
    return std::min(std::strtod(digits.c_str(), nullptr), max_number);
  }

  std::string unit() {
    std::string out;
    while (at < text.size()
           && std::isalpha(static_cast<unsigned char>(text[at])) != 0)
      out += static_cast<char>(
        std::tolower(static_cast<unsigned char>(text[at++])));
    return out;
  }
};

/// ms since the epoch of "2026-01-31T12:00:00Z", -1 for anything else.
int64_t parse_iso(const std::string& text) {
  std::tm parts{};
  auto end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  return end ? static_cast<int64_t>(timegm(&parts)) * 1000 : -1;
}

/// Headers that say how many requests or tokens are left, and when there will
/// be more. The times count only if something is used up, or nothing else
/// explains a 429.
int64_t reset_of_limits(const http_answer& answer, long status, int64_t now) {
  int64_t used_up = -1, any = -1;
  auto is_told = false;
  for (std::string kind : {"", "-requests", "-tokens"})
    for (std::string prefix : {"x-ratelimit-", "ratelimit-"}) {
      auto reset = parse_reset(answer.header(prefix + "reset" + kind), now);
      auto left = answer.header(prefix + "remaining" + kind);
      is_told = is_told || !left.empty();
      any = std::max(any, reset);
      if (!left.empty() && std::atof(left.c_str()) <= 0)
        used_up = std::max(used_up, reset);
    }
  for (auto name :
       {"x-ratelimit-reset-after", "anthropic-ratelimit-requests-reset",
        "anthropic-ratelimit-tokens-reset"})
    any = std::max(any, parse_reset(answer.header(name), now));
  if (used_up >= 0)
    return used_up;
  return status == 429 || !is_told ? any : -1;
}

std::string folded_name(std::string name) {
  std::erase_if(name, [](char c) { return c == '-' || c == '_'; });
  return lower_ascii(name);
}

/// The first field of an error that names a time.
int64_t hint_in_fields(const json& from, int64_t now, int depth = 0) {
  if (depth > max_field_depth || !from.is_structured())
    return -1;
  for (const auto& [key, value] : from.items()) {
    auto name = from.is_object() ? folded_name(key) : std::string();
    auto text = plain_text(&value);
    int64_t hint = -1;
    if (name == "retryafterms" || name == "retryinms")
      hint = parse_duration(text + "ms");
    else if (name == "retrydelay" || name == "retryafter"
             || name == "retryafterseconds" || name == "xratelimitreset"
             || name == "retryin" || name == "estimatedtime")
      hint = parse_reset(text, now);
    else if (value.is_structured())
      hint = hint_in_fields(value, now, depth + 1);
    if (hint >= 0)
      return hint;
  }
  return -1;
}

int64_t hint_in_words(const std::string& lower) {
  for (std::string words : {"try again in ", "retry in ", "retry after ",
                            "try again after ", "please wait ", "available in ",
                            "reset in ", "resets in ", "wait for "})
    if (auto at = lower.find(words); at != lower.npos)
      if (auto hint = parse_duration(lower.substr(at + words.size()));
          hint >= 0)
        return hint;
  return -1;
}

} // namespace

int64_t parse_duration(const std::string& text) {
  duration_reader in{text};
  double total = 0;
  auto is_any = false;
  for (;;) {
    in.skip_space();
    auto number = in.number();
    if (!number)
      break;
    in.skip_space();
    auto unit = unit_ms(in.unit());
    if (unit == 0) { // "5 requests": the number is about something else
      if (!is_any)
        return -1;
      break;
    }
    total += *number * unit;
    is_any = true;
  }
  return is_any ? static_cast<int64_t>(std::ceil(std::min(total, max_number)))
                : -1;
}

int64_t parse_reset(const std::string& text, int64_t now) {
  if (text.empty())
    return -1;
  if (text[0] == '-')
    return parse_duration(text.substr(1)) < 0 ? -1 : 0;
  auto is_number = text.find_first_not_of("0123456789.") == text.npos;
  if (is_number) {
    auto value = std::min(std::strtod(text.c_str(), nullptr), max_number);
    constexpr double first_ms = 1e12, first_s = 1e9; // since the epoch: 2001
    if (value >= first_s) {
      auto at = value >= first_ms ? value : value * 1000;
      return std::max<int64_t>(static_cast<int64_t>(at) - now, 0);
    }
    return parse_duration(text);
  }
  auto date = parse_iso(text);
  if (date < 0 && text.find(':') != text.npos) {
    auto seconds = curl_getdate(text.c_str(), nullptr);
    date = seconds < 0 ? -1 : static_cast<int64_t>(seconds) * 1000;
  }
  if (date >= 0)
    return std::max<int64_t>(date - now, 0);
  return parse_duration(text);
}

int64_t retry_hint(const http_answer& answer, const provider_refusal& refusal,
                   int64_t now) {
  auto ms = answer.header("retry-after-ms");
  auto hint = ms.empty() ? -1 : parse_duration(ms + "ms");
  if (hint < 0)
    hint = parse_reset(answer.header("retry-after"), now);
  if (hint < 0)
    hint = hint_in_fields(refusal.body, now);
  if (hint < 0)
    hint = hint_in_words(refusal.lower);
  if (hint < 0)
    hint = reset_of_limits(answer, refusal.status, now);
  if (hint < 0)
    return 0;
  return hint == 0 ? over_hint_ms : std::clamp(hint, min_hint_ms, max_hint_ms);
}

int64_t with_jitter(int64_t hint_ms, double random) {
  auto more = static_cast<double>(hint_ms) / 10 * std::clamp(random, 0.0, 1.0);
  return std::min(hint_ms + static_cast<int64_t>(more), max_hint_ms);
}

} // namespace darkroom
