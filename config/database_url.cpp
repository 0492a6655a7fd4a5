#include "config/database_url.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr std::string_view mask = "****";

/// Whether the parameter's value may be a password. A percent-encoded name may
/// mean anything.
bool is_secret(std::string_view name) {
  return name.ends_with("password") || name.find('%') != std::string_view::npos;
}

/// The part after the '?' with the values of secret parameters masked. If it
/// contains an '@', all of it is masked, because the '@' may end a password
/// that is not encoded.
std::string mask_parameters(std::string_view query) {
  if (query.find('@') != std::string_view::npos)
    return std::string{mask};
  std::string out;
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto entry = query.substr(0, end);
    auto equals = entry.find('=');
    if (equals != std::string_view::npos && is_secret(entry.substr(0, equals)))
      out.append(entry.substr(0, equals + 1)).append(mask);
    else
      out.append(entry);
    if (end < query.size())
      out += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return out;
}

/// Where the part before the host ends: at the last '@' before the '?', if
/// there is one. An '@' in a password should be encoded but may not be, so the
/// last one counts.
size_t end_of_user(std::string_view rest) {
  auto before = rest.substr(0, rest.find('?')).rfind('@');
  return before == std::string_view::npos ? rest.rfind('@') : before;
}

} // namespace

bool is_postgres_url(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

std::string mask_password(std::string_view text) {
  auto start = text.find("://");
  if (start == std::string_view::npos)
    return std::string{text};
  start += 3;
  std::string out{text.substr(0, start)};
  auto rest = text.substr(start);
  auto at = end_of_user(rest);
  auto colon = rest.find(':');
  if (at != std::string_view::npos && colon < at) {
    out.append(rest.substr(0, colon + 1)).append(mask);
    rest.remove_prefix(at);
  }
  auto question = std::min(rest.find('?'), rest.size());
  out.append(rest.substr(0, question));
  if (question < rest.size())
    out.append("?").append(mask_parameters(rest.substr(question + 1)));
  return out;
}

} // namespace darkroom
