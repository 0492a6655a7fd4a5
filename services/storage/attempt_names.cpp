// The names of files that keep the name of their attempt.
#include "services/storage/names.hpp"

#include <cstdlib>
#include <optional>
#include <regex>

namespace darkroom {

namespace {

/// An attempt's name in parts.
struct name_parts {
  std::string before; ///< "variants/cat/lg"
  int64_t timestamp = 0;
  uint32_t attempt = 0;
  std::string job; ///< as a safe name
  std::string format;
};

std::optional<name_parts> parts_of(const std::string& name) {
  static const std::regex form{"(variants/[^/]+/[^/.]+)\\.([0-9]{1,18})-"
                               "([0-9]{1,9})-([^/]+)\\.([^/.]+)"};
  std::smatch found;
  if (!std::regex_match(name, found, form))
    return std::nullopt;
  return name_parts{found[1], std::atoll(found[2].str().c_str()),
                    static_cast<uint32_t>(std::atoll(found[3].str().c_str())),
                    found[4], found[5]};
}

} // namespace

std::string attempt_name(const std::string& variant,
                         const attempt_stamp& stamp) {
  auto dot = variant.rfind('.');
  return variant.substr(0, dot) + '.' + std::to_string(stamp.job_timestamp)
         + '-' + std::to_string(stamp.attempt) + '-' + safe_name(stamp.job_id)
         + variant.substr(dot);
}

bool is_attempt_name(const std::string& name) {
  return parts_of(name).has_value();
}

bool is_of_attempt(const std::string& name, const attempt_stamp& stamp) {
  auto found = parts_of(name);
  return found && found->timestamp == stamp.job_timestamp
         && found->attempt == stamp.attempt
         && found->job == safe_name(stamp.job_id);
}

bool is_of_attempt_up_to(const std::string& name, const attempt_stamp& stamp) {
  auto found = parts_of(name);
  if (!found)
    return false;
  if (found->timestamp != stamp.job_timestamp)
    return found->timestamp < stamp.job_timestamp;
  return found->attempt <= stamp.attempt
         && found->job == safe_name(stamp.job_id);
}

std::string without_attempt(const std::string& name) {
  auto found = parts_of(name);
  return found ? found->before + '.' + found->format : name;
}

} // namespace darkroom
