/// Bytes as text.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Two digits per byte, in lower case.
std::string to_hex(std::string_view bytes);
std::string to_hex(const unsigned char* bytes, size_t count);

} // namespace darkroom
