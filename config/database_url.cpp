#include "config/database_url.hpp"

#include <algorithm>
#include <iterator>

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

/// Parameters of Prisma and of drivers of Node.js.
constexpr std::string_view foreign_parameters[]
  = {"schema",         "connection_limit",      "pool_timeout", "pgbouncer",
     "socket_timeout", "statement_cache_size",  "sslaccept",    "sslidentity",
     "uselibpqcompat", "single_use_connections"};

/// A percent-encoded text in plain; what is no code stays.
std::string decoded(std::string_view text) {
  std::string out;
  auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    auto is_code = text[i] == '%' && i + 2 < text.size()
                   && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    out += is_code
             ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]))
             : text[i];
    i += is_code ? 2 : 0;
  }
  return out;
}

/// Where the parameters begin, behind the '?'; the size if there are none.
size_t start_of_parameters(std::string_view url) {
  auto question = url.rfind('?');
  return question == url.npos ? url.size() : question + 1;
}

/// Calls `take(name, entry)` for each parameter.
template <class Take>
void each_parameter(std::string_view query, Take take) {
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto entry = query.substr(0, end);
    take(entry.substr(0, entry.find('=')), entry);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

} // namespace

bool is_postgres_url(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

postgres_url read_postgres_url(std::string_view text) {
  postgres_url out;
  auto start = start_of_parameters(text);
  std::string kept;
  each_parameter(text.substr(start), [&](auto name, auto entry) {
    auto is_foreign = std::find(std::begin(foreign_parameters),
                                std::end(foreign_parameters), name)
                      != std::end(foreign_parameters);
    if (!is_foreign)
      kept.append(kept.empty() ? "" : "&").append(entry);
    else if (name == "schema" && entry.size() > name.size())
      out.schema = decoded(entry.substr(name.size() + 1));
  });
  out.url = text.substr(0, start);
  if (out.url.ends_with('?') && kept.empty())
    out.url.pop_back();
  out.url += kept;
  return out;
}

std::string schema_of(const catalog_settings& cfg) {
  return cfg.schema.empty() ? read_postgres_url(cfg.database).schema
                            : cfg.schema;
}

std::string without_file_scheme(std::string_view text) {
  if (!text.starts_with("file:"))
    return std::string{text};
  text.remove_prefix(5);
  text = text.substr(0, text.find('?'));
  if (text.starts_with("///"))
    text.remove_prefix(2);
  return std::string{text};
}

std::string mask_quotes(std::string_view message, std::string_view url) {
  std::string out;
  auto query = url.substr(start_of_parameters(url));
  for (;;) {
    auto first = message.find('"');
    auto last = first == message.npos ? first : message.find('"', first + 1);
    if (last == message.npos)
      break;
    auto quoted = message.substr(first + 1, last - first - 1);
    auto is_plain = quoted.size() <= 1; // "=", ":"
    each_parameter(query, [&](auto name, auto) { is_plain |= name == quoted; });
    out.append(message.substr(0, first + 1));
    out.append(is_plain ? quoted : mask).append("\"");
    message.remove_prefix(last + 1);
  }
  auto rest = message.find('"'); // the URL may contain a quote itself
  return out.append(message.substr(0, rest))
    .append(rest == message.npos ? "" : mask);
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
