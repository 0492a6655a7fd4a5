#include "nodes/api/access_routes.hpp"

#include "config/clock.hpp"
#include "nodes/api/access_rules.hpp"
#include "nodes/api/filter_query.hpp"
#include "nodes/api/json_body.hpp"
#include "services/access/credentials.hpp"
#include "services/http/http_security.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/text/printable.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t longest_token = 200;    // bytes
constexpr size_t longest_details = 500;  // bytes of a body
constexpr size_t longest_target = 500;   // bytes of a path
constexpr size_t most_images = 200;      // of one scoped token
constexpr int64_t longest_scope = 86400; // seconds
constexpr int64_t most_entries = 1000;   // of one answer
constexpr auto events_route = "/api/events";
constexpr auto login_route = "/api/login";

json entry_json(const audit_entry& x) {
  return {{"id", x.id},         {"at", x.at},         {"who", x.who},
          {"role", x.role},     {"from", x.origin},   {"what", x.action},
          {"target", x.target}, {"status", x.status}, {"details", x.details}};
}

http_response missing(const access_gate& gate, const caller& who,
                      access_role needed) {
  if (who.role == access_role::none && who.images.empty()) {
    auto out = error_response(
      401, "no_token", "this needs a token",
      gate.has_tokens()
        ? "send it as 'Authorization: Bearer …', or log in on the page"
        : "no token exists yet: `darkroom token create` makes one");
    out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"darkroom\"");
    return out;
  }
  return error_response(403, "role_needed",
                        "this needs the role " + std::string{to_string(needed)}
                          + "; the token '" + who.name + "' has "
                          + to_string(who.role));
}

/// Limits an event stream to the images of a scoped token, whatever else it
/// asked for.
std::optional<http_response> restrict_to(const std::vector<std::string>& images,
                                         http_request& request) {
  auto asked = split_list(request.arg("imageId"), ',');
  for (const auto& x : asked)
    if (std::find(images.begin(), images.end(), x) == images.end())
      return error_response(403, "out_of_scope",
                            "the token does not show the image '"
                              + printable(x, 100) + "'");
  if (asked.empty()) {
    std::string all;
    for (const auto& x : images)
      all += (all.empty() ? "" : ",") + x;
    request.query["imageId"] = all;
  }
  request.query.erase("token");
  return std::nullopt;
}

/// The body's beginning, for the log; never a token.
std::string details_of(const http_request& request) {
  if (request.route == login_route)
    return {};
  return printable(request.body.substr(0, longest_details), longest_details);
}

} // namespace

access_routes::access_routes(std::unique_ptr<access_gate> gate,
                             access_book book, access_book noted,
                             std::chrono::seconds keep)
  : gate_(std::move(gate)),
    book_(std::move(book)),
    writer_(std::move(noted), keep) {}

result<std::unique_ptr<access_routes>>
access_routes::make(const settings& config) {
  auto judged = judge_http(config.http);
  auto catalog = passing_catalog(config.catalog);
  auto gate = access_gate::make(catalog, config.http,
                                judged != http_security::tokens);
  if (!gate)
    return std::move(gate.error());
  auto book = access_book::open(catalog);
  if (!book)
    return std::move(book.error());
  auto noted = access_book::open(catalog);
  if (!noted)
    return std::move(noted.error());
  if (judged == http_security::tokens && !(*gate)->has_tokens())
    spdlog::warn("the HTTP API needs a token, and there is none yet: "
                 "`darkroom token create --role admin` makes one");
  return std::unique_ptr<access_routes>{
    new access_routes(std::move(*gate), std::move(*book), std::move(*noted),
                      config.http.keep_audit)};
}

void access_routes::add_to(http_server& server) {
  server.watch([this](http_request& request) { return admit(request); },
               [this](const http_request& request, unsigned status) {
                 note(request, status);
               });
  auto add = [&](const char* verb, const char* path, auto answer,
                 http_lane lane) {
    server.route(verb, path, without_query([this, answer](const auto& request) {
                   return (this->*answer)(request);
                 }),
                 lane);
  };
  add("POST", "/api/login", &access_routes::log_in, http_lane::api);
  add("POST", "/api/logout", &access_routes::log_out, http_lane::api);
  add("GET", "/api/session", &access_routes::show_session, http_lane::api);
  add("POST", "/api/event-tokens", &access_routes::scope, http_lane::api);
  server.route("GET", "/api/audit", [this](const http_request& request) {
    return list_audit(request);
  });
}

std::optional<http_response> access_routes::admit(http_request& request) {
  auto needed = role_needed(request.method, request.route);
  std::optional<http_response> refusal;
  auto who = gate_->identify(request, refusal);
  request.who = who.name;
  request.role = to_string(who.role);
  if (needed == access_role::none)
    return std::nullopt; // whatever it sent along
  if (refusal)
    return refusal;
  if (!who.images.empty() && request.route == events_route)
    return restrict_to(who.images, request);
  if (who.role < needed)
    return missing(*gate_, who, needed);
  return std::nullopt;
}

void access_routes::note(const http_request& request, unsigned status) {
  if (!is_audited(request.method))
    return;
  audit_entry entry;
  entry.at = wall_clock_ms();
  entry.who = request.who;
  entry.role = request.role;
  entry.origin = request.from;
  entry.action = request.method + " " + request.route;
  entry.target = printable(request.path, longest_target);
  entry.status = status;
  entry.details = details_of(request);
  writer_.note(std::move(entry));
}

http_response access_routes::log_in(const http_request& request) {
  json_body body{request};
  auto token = body.text("token", longest_token);
  body.require("token");
  if (auto refusal = body.refusal())
    return *refusal;
  std::optional<http_response> refusal;
  auto made = gate_->log_in(request, token, request.is_secure, refusal);
  if (!made)
    return *refusal;
  auto out = json_response(
    200, write_json({{"csrfToken", made->csrf_token}, {"until", made->until}}));
  out.headers.emplace_back("Set-Cookie", made->cookie);
  return out;
}

http_response access_routes::log_out(const http_request&) {
  auto out = json_response(200, write_json({{"loggedOut", true}}));
  out.headers.emplace_back("Set-Cookie", ended_cookie());
  return out;
}

http_response access_routes::show_session(const http_request& request) {
  auto csrf = gate_->csrf_token_of(request);
  return json_response(
    200, write_json({{"who", request.who},
                     {"role", request.role},
                     {"needsToken", !gate_->is_open()},
                     {"csrfToken", csrf.empty() ? json{} : json(csrf)}}));
}

http_response access_routes::scope(const http_request& request) {
  json_body body{request};
  auto images = body.texts("imageIds", most_images);
  auto seconds = body.number("seconds", 900, 1, longest_scope);
  body.require("imageIds");
  for (const auto& x : images)
    if (x.empty() || x.find(',') != x.npos)
      body.refuse("imageIds", "a list of ids without a comma");
  if (auto refusal = body.refusal())
    return *refusal;
  if (images.empty())
    return error_response(400, "bad_input", "'imageIds' has no id");
  auto until = wall_clock_ms() + seconds * 1000;
  return json_response(
    201,
    write_json({{"token", gate_->scope_to(images, until)}, {"until", until}}));
}

http_response access_routes::list_audit(const http_request& request) {
  query_reader query{request};
  audit_filter filter;
  filter.who = query.text("who", longest_filter);
  filter.action = query.text("what", longest_filter);
  auto limit = query.number("limit", 100, 1, most_entries);
  filter.below = query.number("cursor", 0, 0, INT64_MAX);
  if (auto refusal
      = refuse_texts(query, {{"who", filter.who}, {"what", filter.action}}))
    return *refusal;
  std::lock_guard guard{mutex_};
  auto found = book_.audit(filter, static_cast<uint32_t>(limit));
  if (!found)
    return error_response(found.error());
  auto entries = json::array();
  for (const auto& x : *found)
    entries.push_back(entry_json(x));
  auto is_full = found->size() == static_cast<size_t>(limit);
  return json_response(
    200, write_json({{"entries", std::move(entries)},
                     {"next", is_full ? json(found->back().id) : json{}}}));
}

} // namespace darkroom
