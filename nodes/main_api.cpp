#include "nodes/main_api.hpp"

#include "services/http_client/http_client.hpp"
#include "services/json/json.hpp"

#include <unistd.h>

#include <cctype>
#include <cstdio>
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

std::string url_of(const std::string& host, uint16_t port) {
  auto is_v6 = host.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + host + "]" : host) + ":"
         + std::to_string(port);
}

} // namespace

std::string main_url(const std::string& given, const http_settings& http) {
  if (!given.empty())
    return given;
  return url_of(is_any(http.bind) ? "127.0.0.1" : http.bind, http.port);
}

std::string advertised_url(const http_settings& http) {
  if (!http.enabled || http.port == 0)
    return {};
  if (!is_any(http.bind))
    return url_of(http.bind, http.port);
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0)
    return {};
  return url_of(name, http.port);
}

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.') {
      out += static_cast<char>(c);
      continue;
    }
    char escape[4];
    std::snprintf(escape, sizeof escape, "%%%02X", c);
    out += escape;
  }
  return out;
}

result<nlohmann::json> ask_main(const std::string& url, const std::string& body,
                                std::chrono::milliseconds timeout,
                                const std::string& method) {
  http_client client;
  json_post request;
  request.url = url;
  request.body = body;
  request.timeout = timeout;
  request.advice = hint_of;
  request.method = method;
  if (const auto* token = std::getenv("DARKROOM_API_TOKEN"))
    request.bearer = token;
  auto answer = client.send(request, nullptr);
  if (!answer) {
    auto why = std::move(answer.error());
    if (why.code != ec::upstream_refused && why.code != ec::bad_config)
      why.context += "; a main node answers there if it runs and http.enabled "
                     "is true (solo: --port); --main names another";
    return why;
  }
  return parse_json(*answer);
}

} // namespace darkroom
