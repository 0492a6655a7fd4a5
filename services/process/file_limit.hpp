/// How many files and connections this process may have open.
#pragma once

#include <cstdint>

namespace darkroom {

/// Raises the limit as far as the system lets it: the usual 1,024 are fewer
/// than a server's connections. Processes that are started later inherit it.
/// @returns the limit now; the largest number if there is none
uint64_t raise_file_limit();

} // namespace darkroom
