/// What a request of the HTTP API brings to show who sends it, and the signed
/// texts among that.
#pragma once

#include "services/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// The session cookie of a request; empty if it has none.
std::string cookie_of(const http_request& request);

/// The token of `Authorization: Bearer …`; empty without one.
std::string bearer_of(const http_request& request);

/// The value of Set-Cookie that gives a browser this session.
/// @param is_secure the browser came over TLS
std::string set_cookie(const std::string& session,
                       std::chrono::milliseconds lifetime, bool is_secure);

/// The value of Set-Cookie that takes the session away.
std::string ended_cookie();

/// What writes with this cookie must send as X-CSRF-Token.
std::string csrf_of(const std::string& cookie, const std::string& key);

/// A browser that logged in with a token.
struct session_claim {
  std::string token_id;
  int64_t until = 0; ///< ms
};

/// "<token's id>.<until>.<signature>"
std::string write_session(const session_claim& claim, const std::string& key);

/// @returns nothing if the text was not signed with this key, or is over
std::optional<session_claim> read_session(const std::string& text,
                                          const std::string& key, int64_t now);

/// Whose events a scoped token shows.
struct event_scope {
  std::vector<std::string> images; ///< their ids; at least one
  int64_t until = 0;               ///< ms
};

/// "drs_<base64 of its JSON>.<signature>"
std::string write_scope(const event_scope& scope, const std::string& key);

/// @returns nothing if the text was not signed with this key, or is over
std::optional<event_scope> read_scope(const std::string& text,
                                      const std::string& key, int64_t now);

} // namespace darkroom
