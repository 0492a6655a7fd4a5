/// Base64 with padding (RFC 4648, section 4).
#pragma once

#include <sodium/utils.h>

#include <optional>
#include <string>
#include <string_view>

namespace darkroom {

inline std::string to_base64(std::string_view bytes) {
  constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  out.pop_back(); // its terminating zero
  return out;
}

/// Spaces and line ends between the digits are skipped.
/// @returns nothing if the text is not base64
inline std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()),
                        out.size(), text.data(), text.size(), " \r\n", &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL)
      != 0)
    return std::nullopt;
  out.resize(size);
  return out;
}

} // namespace darkroom
