#include "services/imaging/icc_name.hpp"

#include <algorithm>
#include <cstdint>

namespace darkroom {

namespace {

// ICC.1:2010: a header of 128 bytes, then a count and 12 bytes per tag:
// signature, offset, size. Numbers are big endian.
constexpr size_t tag_table = 128;
constexpr size_t tag_bytes = 12;
constexpr uint32_t max_tags = 100; // real profiles have 9 to 20
constexpr size_t max_name = 100;

std::string_view cut(std::string_view bytes, size_t at, size_t count) {
  return at < bytes.size() ? bytes.substr(at, count) : std::string_view{};
}

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t number = 0;
  for (auto c : cut(bytes, at, 4))
    number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

std::string_view find_tag(std::string_view profile, std::string_view name) {
  auto count = std::min(number_at(profile, tag_table), max_tags);
  for (size_t i = 0; i < count; ++i) {
    auto entry = cut(profile, tag_table + 4 + i * tag_bytes, tag_bytes);
    if (cut(entry, 0, 4) == name)
      return cut(profile, number_at(entry, 4), number_at(entry, 8));
  }
  return {};
}

} // namespace

std::string icc_name(std::string_view profile) {
  auto tag = find_tag(profile, "desc");
  std::string_view text;
  if (cut(tag, 0, 4) == "desc") // version 2: ASCII
    text = cut(tag, 12, number_at(tag, 8));
  else if (cut(tag, 0, 4) == "mluc") // version 4: UTF-16, first language
    text = cut(tag, number_at(tag, 24), number_at(tag, 20));
  std::string name;
  for (auto c : text.substr(0, 2 * max_name))
    if (c >= ' ' && c <= '~')
      name += c;
  return name.substr(0, max_name);
}

} // namespace darkroom
