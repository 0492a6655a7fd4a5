/// Which role each route of the HTTP API needs.
#pragma once

#include "services/access/access_token.hpp"

#include <string_view>

namespace darkroom {

/// The least role that may send this request: none for what everybody may see,
/// viewer for looks, operator for changes, and admin for what cannot be undone
/// or shows what others did.
access_role role_needed(std::string_view method, std::string_view route);

/// Whether the request is noted in the audit log: all that changes something,
/// and all logins.
bool is_audited(std::string_view method);

} // namespace darkroom
