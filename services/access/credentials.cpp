#include "services/access/credentials.hpp"

#include "config/words.hpp"
#include "services/access/access_token.hpp"
#include "services/json/json.hpp"
#include "services/text/base64.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace darkroom {

namespace {

constexpr std::string_view cookie_start = "darkroom_session=";
constexpr std::string_view cookie_scope
  = "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";
constexpr std::string_view scope_mark = "drs_";

/// Splits "a.b" at its last dot.
std::optional<std::pair<std::string, std::string>>
split_last(const std::string& text) {
  auto dot = text.rfind('.');
  if (dot == text.npos)
    return std::nullopt;
  return std::pair{text.substr(0, dot), text.substr(dot + 1)};
}

/// The signature of a text of this kind, so that one kind is never taken for
/// another.
std::string sign_as(std::string_view kind, const std::string& text,
                    const std::string& key) {
  return sign(std::string{kind} + " " + text, key);
}

/// The text of "<text>.<signature>".
/// @returns nothing if the signature is not ours
std::optional<std::string> signed_text(std::string_view kind,
                                       const std::string& with_signature,
                                       const std::string& key) {
  auto parts = split_last(with_signature);
  if (!parts || key.empty()
      || !is_equal_secret(sign_as(kind, parts->first, key), parts->second))
    return std::nullopt;
  return std::move(parts->first);
}

} // namespace

std::string cookie_of(const http_request& request) {
  for (const auto& part : split_list(request.header("cookie"), ';'))
    if (auto one = trimmed(part); one.starts_with(cookie_start))
      return one.substr(cookie_start.size());
  return {};
}

std::string bearer_of(const http_request& request) {
  constexpr std::string_view scheme = "bearer ";
  auto header = request.header("authorization");
  if (!lower_case(header.substr(0, scheme.size())).starts_with(scheme))
    return {};
  return header.substr(scheme.size());
}

std::string set_cookie(const std::string& session,
                       std::chrono::milliseconds lifetime, bool is_secure) {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime);
  return std::string{cookie_start} + session + std::string{cookie_scope}
         + std::to_string(seconds.count()) + (is_secure ? "; Secure" : "");
}

std::string ended_cookie() {
  return set_cookie({}, {}, false);
}

std::string csrf_of(const std::string& cookie, const std::string& key) {
  return sign_as("csrf", cookie, key);
}

std::string write_session(const session_claim& claim, const std::string& key) {
  auto text = claim.token_id + "." + std::to_string(claim.until);
  return text + "." + sign_as("session", text, key);
}

std::optional<session_claim> read_session(const std::string& text,
                                          const std::string& key, int64_t now) {
  auto claim = signed_text("session", text, key);
  auto fields = claim ? split_last(*claim) : std::nullopt;
  if (!fields)
    return std::nullopt;
  session_claim out{std::move(fields->first), 0};
  const auto& digits = fields->second;
  auto read = std::from_chars(digits.data(), digits.data() + digits.size(),
                              out.until);
  if (read.ec != std::errc{} || out.until <= now)
    return std::nullopt;
  return out;
}

std::string write_scope(const event_scope& scope, const std::string& key) {
  auto text = std::string{scope_mark}
              + to_base64(
                write_json({{"images", scope.images}, {"until", scope.until}}));
  return text + "." + sign_as("scope", text, key);
}

std::optional<event_scope> read_scope(const std::string& text,
                                      const std::string& key, int64_t now) {
  auto scope = signed_text("scope", text, key);
  auto bytes = scope && scope->starts_with(scope_mark)
                 ? from_base64(scope->substr(scope_mark.size()))
                 : std::nullopt;
  auto parsed = bytes ? parse_json(*bytes) : fail(ec::bad_input, "");
  if (!parsed || !parsed->is_object())
    return std::nullopt;
  event_scope out{parsed->value("images", std::vector<std::string>{}),
                  parsed->value("until", int64_t{0})};
  if (out.until <= now || out.images.empty())
    return std::nullopt;
  return out;
}

} // namespace darkroom
