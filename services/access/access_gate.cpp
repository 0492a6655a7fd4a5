#include "services/access/access_gate.hpp"

#include "config/clock.hpp"
#include "services/json/json.hpp"
#include "services/process/guarded_thread.hpp"
#include "services/text/base64.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace darkroom {

namespace {

constexpr std::string_view cookie_name = "darkroom_session";
constexpr std::string_view scope_mark = "drs_";
constexpr std::chrono::seconds refresh_every{1};
constexpr uint32_t most_failures = 10;       // per address and minute
constexpr size_t longest_credential = 20000; // bytes: a scope of many images

/// The session cookie of a request; empty if it has none.
std::string cookie_of(const http_request& request) {
  auto wanted = std::string{cookie_name} + "=";
  for (auto& part : split_list(request.header("cookie"), ';')) {
    auto begin = part.find_first_not_of(' ');
    if (begin != part.npos && part.compare(begin, wanted.size(), wanted) == 0)
      return part.substr(begin + wanted.size());
  }
  return {};
}

/// The token of `Authorization: Bearer …`; empty without one.
std::string bearer_of(const http_request& request) {
  constexpr std::string_view scheme = "bearer ";
  auto header = request.header("authorization");
  if (header.size() <= scheme.size()
      || lower_case(header.substr(0, scheme.size())) != scheme)
    return {};
  return header.substr(scheme.size());
}

/// Splits "a.b" at its last dot.
std::optional<std::pair<std::string, std::string>>
split_signed(const std::string& text) {
  auto dot = text.rfind('.');
  if (dot == text.npos)
    return std::nullopt;
  return std::pair{text.substr(0, dot), text.substr(dot + 1)};
}

std::string csrf_of(const std::string& cookie, const std::string& key) {
  return sign("csrf " + cookie, key);
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

std::optional<caller> access_gate::by_token(const std::string& text) const {
  auto parts = parse_token(text);
  auto token = parts ? find(parts->id) : std::nullopt;
  if (!token || !is_equal_secret(hash_of_secret(parts->secret), token->hash))
    return std::nullopt;
  caller out;
  out.name = token->name;
  out.role = token->role;
  out.token_id = token->id;
  return out;
}

/// "<token's id>.<end, ms>.<signature>"
std::optional<caller> access_gate::by_cookie(const std::string& cookie) const {
  auto parts = split_signed(cookie);
  auto key = this->key();
  if (!parts || key.empty()
      || !is_equal_secret(sign("session " + parts->first, key), parts->second))
    return std::nullopt;
  auto fields = split_signed(parts->first);
  int64_t until = 0;
  if (!fields
      || std::from_chars(fields->second.data(),
                         fields->second.data() + fields->second.size(), until)
             .ec
           != std::errc{}
      || until <= wall_clock_ms())
    return std::nullopt;
  auto token = find(fields->first);
  if (!token)
    return std::nullopt;
  caller out;
  out.name = token->name;
  out.role = token->role;
  out.token_id = token->id;
  out.has_cookie = true;
  out.until = until;
  return out;
}

/// "drs_<base64 of {"images", "until"}>.<signature>"
std::optional<caller> access_gate::by_scope(const std::string& text) const {
  auto parts = split_signed(text);
  auto key = this->key();
  if (!parts || key.empty() || !parts->first.starts_with(scope_mark)
      || !is_equal_secret(sign("scope " + parts->first, key), parts->second))
    return std::nullopt;
  auto bytes = from_base64(parts->first.substr(scope_mark.size()));
  auto scope = bytes ? parse_json(*bytes) : fail(ec::bad_input, "");
  if (!scope || !scope->is_object())
    return std::nullopt;
  caller out;
  out.name = "scoped";
  out.until = scope->value("until", int64_t{0});
  out.images = scope->value("images", std::vector<std::string>{});
  if (out.until <= wall_clock_ms() || out.images.empty())
    return std::nullopt;
  return out;
}

caller access_gate::identify(const http_request& request,
                             std::optional<http_response>& refusal) {
  auto bearer = bearer_of(request);
  auto scoped = request.arg("token");
  auto cookie = cookie_of(request);
  caller nobody;
  if (bearer.empty() && scoped.empty() && cookie.empty()) {
    if (is_open_) {
      nobody.name = "local";
      nobody.role = access_role::admin;
    }
    return nobody;
  }
  auto now = login_limit::clock::now();
  if (auto wait = limit_.wait_of(request.from, now); wait.count() > 0) {
    refusal = too_many(wait);
    return nobody;
  }
  auto is_short = std::max({bearer.size(), scoped.size(), cookie.size()})
                  <= longest_credential;
  auto found = !is_short         ? std::nullopt
               : !bearer.empty() ? by_token(bearer)
               : !scoped.empty() ? by_scope(scoped)
                                 : by_cookie(cookie);
  if (!found) {
    // A cookie that has ended is what a browser is left with, not a guess.
    if (!bearer.empty() || !scoped.empty())
      limit_.failed(request.from, bearer.empty() ? scoped : bearer, now);
    else if (is_open_) {
      nobody.name = "local";
      nobody.role = access_role::admin;
      return nobody;
    }
    refusal = not_valid();
    return nobody;
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
  auto found = by_token(token);
  auto key = this->key();
  if (!found || key.empty()) {
    limit_.failed(request.from, token, now);
    refusal = not_valid();
    return std::nullopt;
  }
  session out;
  auto lifetime = http_.session_lifetime;
  out.until = wall_clock_ms() + lifetime.count();
  auto text = found->token_id + "." + std::to_string(out.until);
  auto value = text + "." + sign("session " + text, key);
  out.csrf_token = csrf_of(value, key);
  out.cookie = std::string{cookie_name} + "=" + value
               + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
               + std::to_string(lifetime.count() / 1000)
               + (is_secure ? "; Secure" : "");
  return out;
}

std::string access_gate::ended_cookie() {
  return std::string{cookie_name}
         + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
}

std::string access_gate::csrf_token_of(const http_request& request) const {
  auto cookie = cookie_of(request);
  return cookie.empty() ? std::string{} : csrf_of(cookie, key());
}

std::string access_gate::scope_to(const std::vector<std::string>& images,
                                  int64_t until) const {
  auto text = std::string{scope_mark}
              + to_base64(write_json({{"images", images}, {"until", until}}));
  return text + "." + sign("scope " + text, key());
}

} // namespace darkroom
