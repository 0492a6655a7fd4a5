#include "services/s3/s3_text.hpp"

#include <curl/curl.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace darkroom {

std::string s3_time(int64_t ms) {
  auto seconds = static_cast<time_t>(ms / 1000);
  tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 24> text{};
  strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return text.data();
}

int64_t read_s3_time(const std::string& text) {
  tm parts{};
  double seconds = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%lfZ", &parts.tm_year,
                  &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min,
                  &seconds)
      == 6) {
    parts.tm_year -= 1900;
    --parts.tm_mon;
    return static_cast<int64_t>(timegm(&parts)) * 1000
           + static_cast<int64_t>(seconds * 1000);
  }
  auto date = curl_getdate(text.c_str(), nullptr);
  return date < 0 ? 0 : static_cast<int64_t>(date) * 1000;
}

} // namespace darkroom
