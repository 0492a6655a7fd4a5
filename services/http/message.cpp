#include "services/http/message.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

namespace {

using string_map = std::map<std::string, std::string>;

std::string find(const string_map& map, const std::string& key,
                 std::string otherwise) {
  auto i = map.find(key);
  if (i == map.end())
    return otherwise;
  return i->second;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

unsigned status_of(ec code) {
  switch (code) {
    case ec::bad_input:
    case ec::bad_config:
      return 400;
    case ec::forbidden_path:
      return 403;
    case ec::not_found:
      return 404;
    case ec::fenced:
    case ec::superseded:
    case ec::conflict:
    case ec::cancelled:
      return 409;
    case ec::too_large:
      return 413;
    case ec::throttled:
      return 429;
    case ec::upstream_failed:
    case ec::upstream_refused:
      return 502;
    case ec::redis_unavailable:
    case ec::catalog_unavailable:
      return 503;
    case ec::timed_out:
      return 504;
    default:
      return 500;
  }
}

} // namespace

std::string http_request::param(const std::string& name) const {
  return find(params, name, {});
}

std::string http_request::arg(const std::string& name,
                              std::string otherwise) const {
  return find(query, name, std::move(otherwise));
}

std::string http_request::header(const std::string& name) const {
  return find(headers, name, {});
}

http_response json_response(unsigned status, std::string body) {
  http_response out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

http_response error_response(unsigned status, std::string_view code,
                             std::string_view message, std::string_view hint) {
  nlohmann::json why{{"code", code}, {"message", message}};
  if (!hint.empty())
    why["hint"] = hint;
  nlohmann::json whole{{"error", std::move(why)}};
  // Messages quote the client's bytes, which may not be UTF-8.
  return json_response(status,
                       whole.dump(-1, ' ', false,
                                  nlohmann::json::error_handler_t::replace));
}

http_response error_response(const error& why, std::string_view hint) {
  auto out = error_response(status_of(why.code), to_string(why.code),
                            why.context, hint);
  if (why.retry_after_ms > 0)
    out.headers.emplace_back("Retry-After",
                             std::to_string((why.retry_after_ms + 999) / 1000));
  return out;
}

std::optional<std::string> percent_decode(std::string_view text,
                                          bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (c == '%') {
      auto whole = text.size() - i > 2;
      auto high = whole ? hex_digit(text[i + 1]) : -1;
      auto low = whole ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0 || (high == 0 && low == 0))
        return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '\0') {
      return std::nullopt;
    } else {
      out += c == '+' && plus_is_space ? ' ' : c;
    }
  }
  return out;
}

namespace {

/// One half of a pair. A text that cannot be decoded stays as sent, so that the
/// reader of the query can refuse it by name. Only a NUL becomes "%00", because
/// a NUL ends texts elsewhere.
std::string decoded_or_raw(std::string_view text) {
  if (auto decoded = percent_decode(text, true))
    return std::move(*decoded);
  std::string raw;
  for (auto c : text)
    raw += c == '\0' ? std::string{"%00"} : std::string{c};
  return raw;
}

} // namespace

std::map<std::string, std::string> parse_query(std::string_view text) {
  string_map out;
  for (auto& pair : split_list(text, '&')) {
    auto middle = pair.find('=');
    out.emplace(decoded_or_raw(pair.substr(0, middle)),
                middle == pair.npos ? std::string{}
                                    : decoded_or_raw(pair.substr(middle + 1)));
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> split_list(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto end = text.find(separator);
    auto part = text.substr(0, end);
    if (!part.empty())
      out.emplace_back(part);
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return out;
}

} // namespace darkroom
