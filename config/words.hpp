/// Numbers and lists in sentences, for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// "1 job", "2 jobs", "0 jobs": an English noun with a regular plural.
std::string counted(uint64_t count, std::string_view noun);

/// "a, b, c", or with `last` = " or ": "a, b or c".
std::string joined(const std::vector<std::string>& words,
                   std::string_view last = ", ",
                   std::string_view separator = ", ");

/// The text without space around it.
std::string trimmed(std::string_view text);

} // namespace darkroom
