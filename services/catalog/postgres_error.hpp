/// What PostgreSQL's error codes mean to the catalog.
#pragma once

#include "messages/error.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// Whether the same call may work later without anybody's help: the server
/// stops, starts or has too many connections, or a lock or a statement took too
/// long.
/// @param state the five characters of SQLSTATE
bool may_pass(std::string_view state);

/// Whether the server has ended the connection, or the connection is useless.
bool ends_connection(std::string_view state);

/// What an operator can do about it, as the end of a sentence; may be empty.
const char* postgres_advice(std::string_view state);

/// Explains why connecting failed, from libpq's verbose message.
/// @returns ec::catalog_failed if the server answered and does not let us in,
///   ec::catalog_unavailable otherwise; one line, without `LOCATION`
error connect_error(const std::string& name, std::string_view message);

} // namespace darkroom
