/// URLs of databases, and how to show them to people.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Whether the text begins with postgres:// or postgresql://.
bool is_postgres_url(std::string_view text);

/// Replaces every password in a URL with "****": the one before the host, and
/// the values of parameters that hold passwords. A text that is not a URL is
/// returned unchanged. From a malformed URL it removes too much rather than too
/// little.
std::string mask_password(std::string_view text);

} // namespace darkroom
