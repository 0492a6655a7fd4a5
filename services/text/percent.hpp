/// Texts in URLs.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Percent-encodes all but the unreserved characters of RFC 3986 (letters,
/// digits, '-', '.', '_', '~') and those of `also_plain`.
std::string percent_encoded(std::string_view text,
                            std::string_view also_plain = {});

} // namespace darkroom
