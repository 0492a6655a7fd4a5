#include "services/http/sse_id.hpp"

#include <charconv>

namespace darkroom {

namespace {

/// Takes a number off the front of the text.
template <class T>
bool take_number(std::string_view& text, T& out) {
  auto [rest, bad] = std::from_chars(text.data(), text.data() + text.size(),
                                     out);
  if (bad != std::errc{} || text.front() == '-')
    return false;
  text.remove_prefix(static_cast<size_t>(rest - text.data()));
  return true;
}

bool take_sign(std::string_view& text, char sign) {
  if (!text.starts_with(sign))
    return false;
  text.remove_prefix(1);
  return true;
}

} // namespace

std::string to_text(const sse_id& id) {
  auto out = std::to_string(id.at) + '-' + std::to_string(id.number);
  for (auto number : id.owed)
    out += '~' + std::to_string(number);
  return out;
}

std::optional<sse_id> parse_sse_id(std::string_view text) {
  sse_id out;
  if (!take_number(text, out.at) || !take_sign(text, '-')
      || !take_number(text, out.number))
    return std::nullopt;
  while (!text.empty()) {
    uint64_t number = 0;
    if (out.owed.size() == most_owed || !take_sign(text, '~')
        || !take_number(text, number))
      return std::nullopt;
    out.owed.push_back(number);
  }
  return out;
}

} // namespace darkroom
