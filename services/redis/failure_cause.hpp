/// Puts failures that differ only in names and numbers into groups.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The first line of a failure, at most 200 bytes, with "…" for each number,
/// id, quoted text, path and URL: "cannot open '/data/a.jpg' (errno 2)" gives
/// "cannot open … (errno …)". Failures with the same cause give the same text.
std::string cause_of(std::string_view failure);

} // namespace darkroom
