/// Numbers with nouns, for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// "1 job", "2 jobs", "0 jobs": an English noun with a regular plural.
std::string counted(uint64_t count, std::string_view noun);

} // namespace darkroom
