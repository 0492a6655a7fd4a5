#include "services/provider/without_key.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t min_part = 8; // fewer characters of a key tell nothing

/// How many bytes at the beginning of `text` stand in `key`, too, if they are
/// the whole key or at least min_part; else 0.
size_t key_bytes(std::string_view text, std::string_view key) {
  if (text.starts_with(key))
    return key.size();
  size_t longest = 0;
  for (size_t at = 0; at + min_part <= key.size(); ++at) {
    auto end = std::mismatch(text.begin(), text.end(), key.begin() + at,
                             key.end());
    longest = std::max<size_t>(longest, end.first - text.begin());
  }
  return longest >= min_part ? longest : 0;
}

} // namespace

std::string without_key(std::string_view text, std::string_view key) {
  if (key.empty())
    return std::string{text};
  std::string out;
  while (!text.empty()) {
    auto secret = key_bytes(text, key);
    if (secret > 0)
      out += "***";
    else
      out += text.front();
    text.remove_prefix(std::max<size_t>(secret, 1));
  }
  return out;
}

} // namespace darkroom
