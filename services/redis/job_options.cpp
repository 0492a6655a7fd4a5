#include "services/redis/job_options.hpp"

#include "services/json/json.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

int64_t number(const json& object, const char* key, int64_t otherwise) {
  auto found = object.find(key);
  if (found == object.end() || !found->is_number())
    return otherwise;
  auto value = found->get<double>();
  if (!(value >= -9e15 && value <= 9e15))
    return otherwise;
  return static_cast<int64_t>(value);
}

/// true -> 0, false -> keep all, number -> count, {age, count, limit}.
retention parse_retention(const json& options, const char* key) {
  retention keep;
  auto found = options.find(key);
  if (found == options.end())
    return keep;
  if (found->is_boolean()) {
    keep.count = found->get<bool>() ? 0 : -1;
  } else if (found->is_number()) {
    keep.count = number(options, key, -1);
  } else if (found->is_object()) {
    keep.count = number(*found, "count", -1);
    keep.age_s = number(*found, "age", 0);
    keep.limit = number(*found, "limit", 1000);
    auto age = found->find("age");
    if (age != found->end() && *age == 0)
      keep.count = 0; // too old at once
  }
  return keep;
}

void parse_backoff(const json& options, job_options& result) {
  auto found = options.find("backoff");
  if (found == options.end())
    return;
  if (found->is_number()) {
    result.backoff = backoff_kind::fixed;
    result.backoff_ms = std::max<int64_t>(0, number(options, "backoff", 0));
    return;
  }
  if (!found->is_object())
    return;
  auto type = found->value("type", json{});
  if (type == "fixed")
    result.backoff = backoff_kind::fixed;
  else if (type == "exponential")
    result.backoff = backoff_kind::exponential;
  else
    result.backoff = backoff_kind::unknown;
  result.backoff_ms = std::max<int64_t>(0, number(*found, "delay", 0));
  auto jitter = found->find("jitter");
  if (jitter != found->end() && jitter->is_number())
    result.jitter = std::clamp(jitter->get<double>(), 0.0, 1.0);
}

} // namespace

job_options parse_job_options(std::string_view text) {
  job_options result;
  auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object())
    return result;
  const auto& options = *parsed;
  auto attempts = number(options, "attempts", 0);
  result.attempts
    = static_cast<uint32_t>(std::clamp<int64_t>(attempts, 0, INT32_MAX));
  parse_backoff(options, result);
  result.on_complete = parse_retention(options, "removeOnComplete");
  result.on_fail = parse_retention(options, "removeOnFail");
  auto logs = number(options, "kl", 0);
  result.keep_logs
    = static_cast<uint32_t>(std::clamp<int64_t>(logs, 0, INT32_MAX));
  result.stack_trace_limit = number(options, "stackTraceLimit", -1);
  auto lifo = options.find("lifo");
  result.lifo = lifo != options.end() && lifo->is_boolean()
                && lifo->get<bool>();
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

} // namespace darkroom
