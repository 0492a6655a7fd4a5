/// What is wrong with a command line as a whole.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace darkroom {

/// Says it in one sentence: which word or flag is unknown, to which command,
/// and what was probably meant.
/// @param program after it has parsed, and thrown `wrong`
std::string usage_error(const CLI::App& program, const CLI::ParseError& wrong);

/// The command that was parsed: "darkroom job".
std::string parsed_command(const CLI::App& program);

} // namespace darkroom
