/// URLs of databases, and how to show them to people.
#pragma once

#include "config/settings.hpp"

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

/// A URL of PostgreSQL, without what only other programs understand.
struct postgres_url {
  std::string url;    ///< as libpq reads it
  std::string schema; ///< of `?schema=`, as Prisma writes it; may be empty
};

/// Takes the parameters out of a URL that Prisma understands and libpq refuses.
postgres_url read_postgres_url(std::string_view text);

/// The schema of Darkroom's tables in PostgreSQL: `[catalog] schema`, or
/// `?schema=` of the URL; empty: what `search_path` says.
std::string schema_of(const catalog_settings& cfg);

/// The path of a SQLite file that may be written "file:data/app.db?mode=rw", as
/// Prisma does; other texts are returned unchanged.
std::string without_file_scheme(std::string_view text);

/// Masks what a message of libpq quotes of the URL, unless it is the name of a
/// parameter: it may be a part of the password.
std::string mask_quotes(std::string_view message, std::string_view url);

} // namespace darkroom
