#include "services/text/percent.hpp"

namespace darkroom {

namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
         || (c >= '0' && c <= '9')
         || std::string_view{"-._~"}.find(c) != std::string_view::npos;
}

} // namespace

std::string percent_encoded(std::string_view text,
                            std::string_view also_plain) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (auto c : text) {
    if (is_unreserved(c) || also_plain.find(c) != also_plain.npos) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

} // namespace darkroom
