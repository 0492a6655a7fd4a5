/// Small files that hold a random id, and by which nodes find out whether they
/// see the same place.
#pragma once

#include "messages/result.hpp"

#include <cstddef>
#include <string>

namespace darkroom {

/// Longer than any file of this kind, in bytes.
inline constexpr size_t max_mark_bytes = 100;

/// The id in this file; empty if there is no such file.
/// @param wanted for the error: what the file should hold, and what to do if it
///   does not
/// @returns ec::storage_failed if it cannot be read, or holds a text that
///   Darkroom did not write
result<std::string> read_mark_file(const std::string& path,
                                   const std::string& wanted);

} // namespace darkroom
