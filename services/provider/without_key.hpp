/// Keeps a provider's key out of texts.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// `text` with "***" for the key and for every part of it that has at least 8
/// characters: some providers quote its beginning and its end. Takes time in
/// proportion to the product of both lengths, so cut long texts first.
std::string without_key(std::string_view text, std::string_view key);

} // namespace darkroom
