/// Tokens and the audit log, as the catalog keeps them.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/access/access_token.hpp"
#include "services/catalog/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A token without its secret. Times are ms since the epoch.
struct kept_token {
  std::string id;
  std::string name;
  access_role role = access_role::none;
  std::string hash;
  int64_t created_at = 0;
  int64_t expires_at = 0; ///< 0 = never
  int64_t revoked_at = 0; ///< 0 = not
};

/// Whether it may be used now.
bool is_valid(const kept_token& token, int64_t now);

/// One thing that somebody did, or tried to do.
struct audit_entry {
  int64_t id = 0; ///< rises; given by the catalog
  int64_t at = 0; ///< ms
  std::string who;
  std::string role;
  std::string origin;  ///< the client's address
  std::string action;  ///< "POST /api/jobs/{id}/retry"
  std::string target;  ///< the path that was asked for
  int64_t status = 0;  ///< of the answer
  std::string details; ///< the beginning of the request's body
};

/// Which entries are meant; an empty member does not filter.
struct audit_filter {
  std::string who;
  std::string action; ///< a part of it
  int64_t below = 0;  ///< ids below this one; 0 = from the newest on
};

/// One connection that writes. Blocks; not thread-safe. Errors are those of
/// `catalog`.
class access_book {
public:
  /// Like `catalog::open`.
  static result<access_book> open(const catalog_settings& cfg);

  /// @returns ec::conflict if a valid token has this name
  status add(const kept_token& token, int64_t now);

  /// Revokes the token with this id or name.
  /// @returns ec::not_found if no valid token has it
  status revoke(const std::string& id_or_name, int64_t now);

  /// All tokens, the oldest first.
  result<std::vector<kept_token>> tokens();

  /// The key that signs sessions; made by the first call.
  result<std::string> signing_key();

  status note(const std::vector<audit_entry>& entries);

  /// The newest first.
  result<std::vector<audit_entry>> audit(const audit_filter& filter,
                                         uint32_t limit);

  /// Forgets what was noted before this time.
  status forget(int64_t until);

private:
  explicit access_book(database db) : db_(std::move(db)) {}

  database db_;
};

} // namespace darkroom
