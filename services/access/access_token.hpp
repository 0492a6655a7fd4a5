/// The tokens by which clients of the HTTP API are known, and their roles.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace darkroom {

/// Each role may do what those before it may.
enum class access_role {
  none,
  viewer,    ///< looks at everything but tokens and the audit log
  operating, ///< acts on jobs, pictures, nodes and the queue
  admin,     ///< removes the queue, harms it on purpose, reads the audit log
};

/// "viewer", "operator", "admin"; "none" for none.
const char* to_string(access_role role);

/// @returns nothing if no role that a token may have has this name
std::optional<access_role> role_named(std::string_view name);

/// A token that was just made; only `hash` is kept.
struct made_token {
  std::string id;   ///< public, 16 hex digits
  std::string text; ///< what the client sends: "drk_<id>_<secret>"
  std::string hash; ///< hex
};

/// Makes one from 256 random bits.
made_token make_token();

struct token_parts {
  std::string id;
  std::string secret;
};

/// @returns nothing if the text is not one of `make_token`
std::optional<token_parts> parse_token(std::string_view text);

/// BLAKE2b, hex. The secret is random and long, so a fast hash is enough.
std::string hash_of_secret(std::string_view secret);

/// Compares in a time that does not depend on where the texts differ.
bool is_equal_secret(std::string_view a, std::string_view b);

/// A key for `sign`, hex.
std::string make_signing_key();

/// HMAC-SHA-512-256 of a text, hex.
std::string sign(std::string_view text, const std::string& key);

} // namespace darkroom
