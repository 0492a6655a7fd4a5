/// Decides who a request of the HTTP API comes from, and what that role may do.
#pragma once

#include "config/settings.hpp"
#include "services/access/access_book.hpp"
#include "services/access/login_limit.hpp"
#include "services/http/message.hpp"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace darkroom {

/// Who sent a request.
struct caller {
  std::string name = "anonymous"; ///< of the token; "local" without one
  access_role role = access_role::none;
  bool has_cookie = false; ///< a browser that logged in
  /// Of a scoped token: the only images whose events it may see.
  std::vector<std::string> images;
};

/// What a browser gets when it logs in.
struct session {
  std::string cookie;     ///< the whole value of Set-Cookie
  std::string csrf_token; ///< writes must send it as X-CSRF-Token
  int64_t until = 0;      ///< ms
};

/// Keeps the tokens of the catalog in memory and reads them anew every second,
/// so that a revoked one stops to work within two seconds; while the catalog is
/// down, those that are known go on. Thread-safe; no call but `make` blocks.
class access_gate {
public:
  /// @param is_open requests without a token may do everything
  static result<std::unique_ptr<access_gate>>
  make(const catalog_settings& catalog, const http_settings& http,
       bool is_open);
  ~access_gate();

  /// The caller of a request, by `Authorization: Bearer`, `?token=` of an event
  /// stream, or the cookie.
  /// @returns a 401 if what it sent is not valid, a 429 after too many failures
  ///   from its address, a 403 for a write with a cookie and no CSRF token
  caller identify(const http_request& request,
                  std::optional<http_response>& refusal);

  /// A session for the token that a browser sent in a form.
  /// @param is_secure the browser came over TLS
  /// @returns the same refusals
  std::optional<session> log_in(const http_request& request,
                                const std::string& token, bool is_secure,
                                std::optional<http_response>& refusal);

  /// The CSRF token of the cookie that a request came with.
  std::string csrf_token_of(const http_request& request) const;

  /// A token with which the events of these images can be seen, and nothing
  /// else.
  std::string scope_to(const std::vector<std::string>& images,
                       int64_t until) const;

  bool is_open() const {
    return is_open_;
  }

  /// Whether any token may be used now.
  bool has_tokens() const;

private:
  access_gate(access_book book, const http_settings& http, bool is_open);
  void follow();
  status refresh();
  caller without_token() const;
  std::optional<kept_token> token_of(const std::string& text) const;
  std::optional<caller> by_token(const std::string& text) const;
  std::optional<caller> by_cookie(const std::string& cookie) const;
  std::optional<caller> by_scope(const std::string& text) const;
  std::optional<kept_token> find(const std::string& id) const;
  std::string key() const;

  const http_settings http_;
  const bool is_open_;
  access_book book_; ///< used by the thread only, after `make`
  login_limit limit_;
  mutable std::mutex mutex_; ///< of all below
  std::condition_variable changed_;
  std::map<std::string, kept_token> tokens_; ///< by id
  std::string key_;
  bool is_stopping_ = false;
  std::thread thread_;
};

} // namespace darkroom
