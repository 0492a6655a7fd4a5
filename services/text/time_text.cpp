#include "services/text/time_text.hpp"

#include <charconv>
#include <ctime>

namespace darkroom {

std::optional<int64_t> read_time(const std::string& text) {
  int64_t ms = 0;
  auto end = text.data() + text.size();
  if (auto [stop, failed] = std::from_chars(text.data(), end, ms);
      failed == std::errc{} && stop == end)
    return ms;
  for (const auto* form : {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"}) {
    std::tm time{};
    auto rest = strptime(text.c_str(), form, &time);
    if (rest == nullptr || *rest != '\0')
      continue;
    auto day = time.tm_mday;
    auto seconds = timegm(&time);
    if (time.tm_mday == day) // not the 31st of February
      return int64_t{seconds} * 1000;
  }
  return std::nullopt;
}

} // namespace darkroom
