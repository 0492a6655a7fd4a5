#include "services/access/access_gate.hpp"

#include "config/clock.hpp"
#include "services/access/credentials.hpp"
#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr std::chrono::seconds refresh_every{1};
constexpr uint32_t most_failures = 10;       // per address and minute
constexpr size_t longest_credential = 20000; // bytes: a scope of many images

caller caller_of(const kept_token& token) {
  caller out;
  out.name = token.name;
  out.role = token.role;
  return out;
}

http_response not_valid() {
  auto out = error_response(401, "not_valid",
                            "the token is unknown, expired or revoked",
                            "`darkroom token create` makes one");
  out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"darkroom\"");
  return out;
}

http_response too_many(std::chrono::seconds wait) {
  auto out = error_response(429, "too_many_failures",
                            "too many tokens from this address were not valid",
                            "wait a minute");
  out.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return out;
}

} // namespace

access_gate::access_gate(access_book book, const http_settings& http,
                         bool is_open)
  : http_(http),
    is_open_(is_open),
    book_(std::move(book)),
    limit_(most_failures) {}

result<std::unique_ptr<access_gate>>
access_gate::make(const catalog_settings& catalog, const http_settings& http,
                  bool is_open) {
  auto book = access_book::open(catalog);
  if (!book)
    return std::move(book.error());
  std::unique_ptr<access_gate> out{
    new access_gate(std::move(*book), http, is_open)};
  if (auto read = out->refresh(); !read)
    spdlog::warn("the tokens of the API could not be read yet: {}",
                 read.error().context);
  out->thread_ = guarded_thread("the thread that follows the API's tokens",
                                [gate = out.get()] { gate->follow(); });
  return out;
}

access_gate::~access_gate() {
  {
    std::lock_guard guard{mutex_};
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

void access_gate::follow() {
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      if (changed_.wait_for(lock, refresh_every,
                            [this] { return is_stopping_; }))
        return;
    }
    if (auto read = refresh(); !read)
      spdlog::debug("the tokens of the API could not be read: {}",
                    read.error().context);
  }
}

status access_gate::refresh() {
  auto key = this->key();
  if (key.empty()) {
    auto made = book_.signing_key();
    if (!made)
      return std::move(made.error());
    key = std::move(*made);
  }
  auto tokens = book_.tokens();
  if (!tokens)
    return std::move(tokens.error());
  std::map<std::string, kept_token> by_id;
  for (auto& x : *tokens)
    by_id.emplace(x.id, std::move(x));
  std::lock_guard guard{mutex_};
  key_ = std::move(key);
  tokens_ = std::move(by_id);
  return ok;
}

std::optional<kept_token> access_gate::find(const std::string& id) const {
  std::lock_guard guard{mutex_};
  auto found = tokens_.find(id);
  if (found == tokens_.end() || !is_valid(found->second, wall_clock_ms()))
    return std::nullopt;
  return found->second;
}

std::string access_gate::key() const {
  std::lock_guard guard{mutex_};
  return key_;
}

bool access_gate::has_tokens() const {
  std::lock_guard guard{mutex_};
  return std::any_of(tokens_.begin(), tokens_.end(), [](const auto& x) {
    return is_valid(x.second, wall_clock_ms());
  });
}

std::optional<kept_token> access_gate::token_of(const std::string& text) const {
  auto parts = parse_token(text);
  auto token = parts ? find(parts->id) : std::nullopt;
  if (!token || !is_equal_secret(hash_of_secret(parts->secret), token->hash))
    return std::nullopt;
  return token;
}

std::optional<caller> access_gate::by_token(const std::string& text) const {
  auto token = token_of(text);
  return token ? std::optional{caller_of(*token)} : std::nullopt;
}

std::optional<caller> access_gate::by_cookie(const std::string& cookie) const {
  auto claim = read_session(cookie, key(), wall_clock_ms());
  auto token = claim ? find(claim->token_id) : std::nullopt;
  if (!token)
    return std::nullopt;
  auto out = caller_of(*token);
  out.has_cookie = true;
  return out;
}

std::optional<caller> access_gate::by_scope(const std::string& text) const {
  auto scope = read_scope(text, key(), wall_clock_ms());
  if (!scope)
    return std::nullopt;
  caller out;
  out.name = "scoped";
  out.images = std::move(scope->images);
  return out;
}

caller access_gate::without_token() const {
  caller out;
  if (is_open_) {
    out.name = "local";
    out.role = access_role::admin;
  }
  return out;
}

caller access_gate::identify(const http_request& request,
                             std::optional<http_response>& refusal) {
  auto bearer = bearer_of(request);
  auto scoped = request.arg("token");
  auto cookie = cookie_of(request);
  if (bearer.empty() && scoped.empty() && cookie.empty())
    return without_token();
  auto now = login_limit::clock::now();
  if (auto wait = limit_.wait_of(request.from, now); wait.count() > 0) {
    refusal = too_many(wait);
    return {};
  }
  auto is_short = std::max({bearer.size(), scoped.size(), cookie.size()})
                  <= longest_credential;
  auto found = !is_short         ? std::nullopt
               : !bearer.empty() ? by_token(bearer)
               : !scoped.empty() ? by_scope(scoped)
                                 : by_cookie(cookie);
  if (!found) {
    // A cookie that has ended is what a browser is left with, not a guess.
    auto is_guess = !bearer.empty() || !scoped.empty();
    if (is_guess)
      limit_.failed(request.from, bearer.empty() ? scoped : bearer, now);
    else if (is_open_)
      return without_token();
    refusal = not_valid();
    return {};
  }
  if (found->has_cookie && request.method != "GET"
      && !is_equal_secret(request.header("x-csrf-token"),
                          csrf_of(cookie, key())))
    refusal = error_response(403, "no_csrf_token",
                             "a write with a cookie needs X-CSRF-Token",
                             "GET /api/session tells it");
  return *found;
}

std::optional<session>
access_gate::log_in(const http_request& request, const std::string& token,
                    bool is_secure, std::optional<http_response>& refusal) {
  auto now = login_limit::clock::now();
  if (auto wait = limit_.wait_of(request.from, now); wait.count() > 0) {
    refusal = too_many(wait);
    return std::nullopt;
  }
  auto found = token_of(token);
  auto key = this->key();
  if (!found || key.empty()) {
    limit_.failed(request.from, token, now);
    refusal = not_valid();
    return std::nullopt;
  }
  auto until = wall_clock_ms() + http_.session_lifetime.count();
  auto value = write_session({found->id, until}, key);
  return session{set_cookie(value, http_.session_lifetime, is_secure),
                 csrf_of(value, key), until};
}

std::string access_gate::csrf_token_of(const http_request& request) const {
  auto cookie = cookie_of(request);
  return cookie.empty() ? std::string{} : csrf_of(cookie, key());
}

std::string access_gate::scope_to(const std::vector<std::string>& images,
                                  int64_t until) const {
  return write_scope({images, until}, key());
}

} // namespace darkroom
