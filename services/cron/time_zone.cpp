#include "services/cron/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <cstdlib>
#include <regex>

namespace darkroom {

namespace {

using namespace std::chrono;

const date::time_zone* locate(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool is_same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x))
           == std::tolower(static_cast<unsigned char>(y));
  });
}

/// Ignores case, like Node: "europe/berlin" is a valid name.
const date::time_zone* locate_any_case(const std::string& name) {
  try {
    for (const auto& x : date::get_tzdb().zones)
      if (is_same_name(x.name(), name))
        return &x;
  } catch (const std::exception&) {
    // The machine has no tz database: no name is known.
  }
  return nullptr;
}

const date::time_zone* local_zone() {
  if (const auto* name = std::getenv("TZ"); name != nullptr && *name != '\0')
    if (const auto* zone = locate(*name == ':' ? name + 1 : name))
      return zone;
  try {
    return date::current_zone();
  } catch (const std::exception&) {
    return nullptr;
  }
}

} // namespace

result<time_zone> time_zone::find(const std::string& name) {
  time_zone out;
  if (name.empty()) {
    out.zone_ = local_zone();
    return out;
  }
  static const std::regex fixed{R"(utc(?:([+-])(\d{1,2})(?::(\d\d))?)?)",
                                std::regex::icase};
  std::smatch parts;
  if (std::regex_match(name, parts, fixed)) {
    auto minute = parts[3].matched ? std::stoi(parts[3]) : 0;
    auto hour = parts[2].matched ? std::stoi(parts[2]) : 0;
    out.offset_ = hours{hour} + minutes{minute};
    if (parts[1] == "-")
      out.offset_ = -out.offset_;
    return out;
  }
  const auto* zone = locate(name);
  out.zone_ = zone != nullptr ? zone : locate_any_case(name);
  if (out.zone_ == nullptr)
    return fail(ec::bad_input, "there is no time zone '" + name + "'");
  return out;
}

zone_span time_zone::span_at(sys_seconds moment) const {
  if (zone_ == nullptr)
    return {sys_seconds::min(), sys_seconds::max(), offset_};
  auto info = static_cast<const date::time_zone*>(zone_)->get_info(moment);
  return {info.begin, info.end, info.offset};
}

} // namespace darkroom
