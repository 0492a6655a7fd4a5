/// Explains what is wrong with a command line.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace darkroom {

/// Explains an error in one sentence: which word or flag of which command is
/// unknown, and what was probably meant.
/// @param program the program that parsed, and threw `wrong`
std::string usage_error(const CLI::App& program, const CLI::ParseError& wrong);

/// The command that was parsed: "darkroom job".
std::string parsed_command(const CLI::App& program);

} // namespace darkroom
