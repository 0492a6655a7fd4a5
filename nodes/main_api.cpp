#include "nodes/main_api.hpp"

#include "services/http/message.hpp"
#include "services/http_client/http_client.hpp"
#include "services/json/json.hpp"
#include "services/net/host_name.hpp"
#include "services/tls/server_files.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace darkroom {

namespace {

constexpr size_t max_hint = 300; // bytes; ours have less

/// The main node's own hint: `{"error":{"code","message","hint"}}`.
std::string hint_of(long, const std::string& body) {
  auto parsed = parse_json(body);
  if (!parsed || !parsed->is_object())
    return {};
  auto found = parsed->find("error");
  auto hint = found != parsed->end() ? text_member(*found, "hint")
                                     : std::string{};
  if (hint.empty() || hint.size() > max_hint)
    return {};
  for (auto& c : hint)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
      c = ' ';
  return "; " + hint;
}

bool is_any(const std::string& bind) {
  return bind == "0.0.0.0" || bind == "::";
}

std::string scheme_of(const http_settings& http) {
  return has_tls(http) ? "https" : "http";
}

std::string url_of(const std::string& host, const http_settings& http) {
  auto is_v6 = host.find(':') != std::string::npos;
  return scheme_of(http) + "://" + (is_v6 ? "[" + host + "]" : host) + ":"
         + std::to_string(http.port);
}

constexpr std::chrono::milliseconds look_patience{1000};

/// What a main node says about itself.
struct readiness {
  bool is_active = false;
  std::string active_url; ///< that a standby names; may be empty
};

readiness look_at(const main_address& main) {
  http_client client;
  json_post request;
  readiness out;
  if (!set_address(request, main + "/readyz"))
    return out;
  request.timeout = look_patience;
  auto answer = client.exchange(request, nullptr);
  if (!answer)
    return out;
  auto body = parse_json(answer->body);
  if (!body || !body->is_object())
    return out;
  out.is_active = text_member(*body, "role") == "active";
  if (auto active = body->find("active"); active != body->end())
    out.active_url = text_member(*active, "url");
  return out;
}

/// "a:3000" -> "http://a:3000"; without a slash at the end.
std::string with_scheme(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  return url.find("://") == std::string::npos ? "http://" + url : url;
}

std::string variable(const char* name) {
  const auto* text = std::getenv(name);
  return text != nullptr ? text : "";
}

/// Added to the error if nobody answers.
std::string advice_for(const main_address& at) {
  std::string out = "; a main node answers there if it runs and http.enabled "
                    "is true (solo: --port); --main or DARKROOM_MAIN names "
                    "others";
  if (at.url.starts_with("https:") && at.ca.empty() && at.own.empty())
    out += ", and --ca (DARKROOM_API_CA) the CA of its certificate";
  return out;
}

} // namespace

void main_choice::add_to(CLI::App& command, const std::string& what,
                         const std::string& flag) {
  command.add_option(flag, urls,
                     what
                       + "URL of the main node, or of several with commas; "
                         "else DARKROOM_MAIN, else that of [http]");
  command.add_option("--ca", ca,
                     what
                       + "PEM file with the CA of its certificate, where "
                         "the system does not trust it");
}

main_address own_main(const http_settings& http) {
  main_address out{url_of(is_any(http.bind) ? "127.0.0.1" : http.bind, http)};
  out.own = http.tls_certificate;
  return out;
}

main_nodes::main_nodes(const main_choice& chosen, const http_settings& http) {
  auto ca = chosen.ca.empty() ? variable("DARKROOM_API_CA") : chosen.ca;
  auto list = chosen.urls.empty() ? variable("DARKROOM_MAIN") : chosen.urls;
  for (const auto& x : split_list(list, ',')) {
    named_.emplace_back(with_scheme(x));
    named_.back().ca = ca;
  }
  if (!named_.empty())
    return;
  named_.push_back(own_main(http));
  named_.back().ca = ca;
  if (!chosen.ca.empty())
    named_.back().own.clear();
}

const main_address& main_nodes::at() {
  if (!active_.url.empty())
    return active_;
  for (const auto& each : named_) {
    auto seen = look_at(each);
    if (seen.is_active)
      return active_ = each;
    if (seen.active_url.empty())
      continue;
    main_address other{seen.active_url};
    other.ca = each.ca;
    if (look_at(other).is_active)
      return active_ = other;
  }
  return named_.front(); // the next call looks again
}

main_address main_at(const main_choice& chosen, const http_settings& http) {
  return main_nodes{chosen, http}.at();
}

std::string server_url(const http_settings& http, uint16_t port) {
  auto at = http;
  at.port = port; // that it got, where [http] port is 0
  return url_of(http.bind, at);
}

std::string advertised_url(const http_settings& http) {
  if (!http.enabled || http.port == 0)
    return {};
  if (!is_any(http.bind))
    return url_of(http.bind, http);
  auto name = host_name();
  return name.empty() ? name : url_of(name, http);
}

std::string api_token() {
  return variable("DARKROOM_API_TOKEN");
}

status set_address(json_post& request, const main_address& at) {
  request.url = at.url;
  request.ca_file = at.ca;
  if (at.own.empty())
    return ok;
  auto own = own_certificate(at.own);
  if (!own)
    return std::move(own.error());
  request.certificate = std::move(*own);
  return ok;
}

result<nlohmann::json> ask_main(const main_address& at, const std::string& body,
                                std::chrono::milliseconds timeout,
                                const std::string& method) {
  http_client client;
  json_post request;
  if (auto set = set_address(request, at); !set)
    return std::move(set.error());
  request.body = body;
  request.timeout = timeout;
  request.advice = hint_of;
  request.method = method;
  request.bearer = api_token();
  auto answer = client.send(request, nullptr);
  if (!answer) {
    auto why = std::move(answer.error());
    if (why.code != ec::upstream_refused && why.code != ec::bad_config)
      why.context += advice_for(at);
    return why;
  }
  return parse_json(*answer);
}

} // namespace darkroom
