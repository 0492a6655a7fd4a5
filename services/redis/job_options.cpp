#include "services/redis/job_options.hpp"

#include "services/json/json.hpp"
#include "services/redis/option_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace darkroom {

namespace {

using nlohmann::json;

/// BullMQ stores `telemetry.metadata` under this name.
constexpr auto carrier_key = "tm";

/// Takes {age, count, limit} as they are, and a number as the count. Of any
/// other value only its truth counts.
retention parse_retention(const json& options, const char* key) {
  retention keep;
  auto found = options.find(key);
  if (found == options.end() || found->is_null() || found->is_array())
    return keep;
  if (found->is_number()) {
    keep.count = number_at(options, key, -1);
  } else if (!found->is_object()) {
    keep.count = is_truthy(*found) ? 0 : -1;
  } else {
    keep.count = number_at(*found, "count", -1);
    keep.limit = number_at(*found, "limit", 1000);
    auto member = found->find("age");
    auto age = member == found->end() ? std::nullopt : number_in(*member);
    if (age) // a fraction of a second counts as a whole one
      keep.age_s = *age > 0 ? clamped(std::ceil(*age), 1, most_number / 1000)
                            : -1;
  }
  return keep;
}

/// JavaScript compares the attempts made with the unrounded number: 2.5 allows
/// three.
uint32_t parse_attempts(const json& options) {
  auto found = options.find("attempts");
  auto number = found == options.end() ? std::nullopt : compared_number(*found);
  return number ? static_cast<uint32_t>(
           clamped(std::ceil(*number), 0, std::numeric_limits<int32_t>::max()))
                : 0;
}

/// 0 keeps no line and a false value keeps all. Other limits work like
/// `slice(-limit)`, so a negative one keeps no line.
int64_t parse_trace_limit(const json& options) {
  auto found = options.find("stackTraceLimit");
  if (found == options.end())
    return -1;
  if (found->is_number() && found->get<double>() == 0)
    return 0;
  auto number = is_truthy(*found) ? compared_number(*found) : std::nullopt;
  if (!number)
    return -1;
  auto limit = clamped(*number, -1, most_number);
  if (limit < 0)
    return 0;
  return limit == 0 ? -1 : limit;
}

backoff_kind kind_of(const json& backoff) {
  auto type = backoff.value("type", json{});
  if (type == "fixed")
    return backoff_kind::fixed;
  return type == "exponential" ? backoff_kind::exponential
                               : backoff_kind::unknown;
}

/// A delay in ms: -1 means no retry; other values are at least 0.
int64_t delay_of(double number) {
  return number == -1 ? -1 : clamped(number, 0, most_number);
}

void parse_backoff(const json& options, job_options& result) {
  auto found = options.find("backoff");
  if (found == options.end() || (!found->is_number() && !is_truthy(*found)))
    return;
  if (found->is_number()) {
    result.backoff = backoff_kind::fixed;
    result.backoff_ms = delay_of(found->get<double>());
    return;
  }
  // A text names no strategy of BullMQ, not even "1000".
  result.backoff = backoff_kind::unknown;
  if (!found->is_object())
    return;
  result.backoff = kind_of(*found);
  result.backoff_ms
    = delay_of(compared_number(found->value("delay", json{})).value_or(0));
  result.jitter = std::clamp(
    compared_number(found->value("jitter", json{})).value_or(0), 0.0, 1.0);
}

} // namespace

job_options parse_job_options(std::string_view text) {
  job_options result;
  auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object())
    return result;
  const auto& options = *parsed;
  result.attempts = parse_attempts(options);
  parse_backoff(options, result);
  result.on_complete = parse_retention(options, "removeOnComplete");
  result.on_fail = parse_retention(options, "removeOnFail");
  result.keep_logs = static_cast<uint32_t>(
    number_at(options, "kl", 0, 0, std::numeric_limits<int32_t>::max()));
  result.stack_trace_limit = parse_trace_limit(options);
  result.lifo = is_truthy(options.value("lifo", json{}));
  result.delay_ms = number_at(options, "delay", 0, 0);
  return result;
}

std::string default_job_options(const job_settings& settings) {
  json options{
    {"attempts", settings.attempts},
    {"backoff",
     {{"type", settings.backoff_type},
      {"delay", settings.backoff_delay.count()}}},
    {"removeOnComplete",
     {{"age", settings.keep_completed.count()},
      {"count", settings.keep_completed_count}}},
    {"removeOnFail", {{"age", settings.keep_failed.count()}}},
  };
  return options.dump();
}

std::string trace_carrier(std::string_view text) {
  if (text.find("\"tm\"") == text.npos) // the usual case need not be parsed
    return {};
  auto options = parse_json(text);
  return options ? text_member(*options, carrier_key) : std::string{};
}

std::string with_trace_carrier(std::string text, const std::string& carrier) {
  if (carrier.empty())
    return text;
  auto options = parse_json(text);
  if (!options || !options->is_object())
    return text;
  (*options)[carrier_key] = carrier;
  return write_json(*options);
}

} // namespace darkroom
