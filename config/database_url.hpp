/// URLs that name a database, and how people may see them.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Whether the text begins with postgres:// or postgresql://.
bool is_postgres_url(std::string_view text);

/// The text with "****" for every password in it: the one before the host, and
/// the values of parameters that hold one. Any text may come; what is no URL is
/// given back as it is. A malformed URL loses too much rather than too little.
std::string mask_password(std::string_view text);

} // namespace darkroom
