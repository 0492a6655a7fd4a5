#include "services/random/random_id.hpp"

#include "services/text/hex.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace darkroom {

std::string random_id() {
  // Safe to call again. Fails only if the system has no source of randomness.
  if (sodium_init() < 0)
    throw std::runtime_error("libsodium found no source of randomness");
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40); // version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80); // variant
  auto out = to_hex(bytes.data(), bytes.size());
  for (auto at : {20, 16, 12, 8})
    out.insert(static_cast<size_t>(at), "-");
  return out;
}

bool is_random_id(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  constexpr std::string_view hex = "0123456789abcdef";
  return text.size() == form.size()
         && std::equal(text.begin(), text.end(), form.begin(),
                       [hex](char c, char as) {
                         return as == '-' ? c == '-' : hex.find(c) != hex.npos;
                       });
}

} // namespace darkroom
