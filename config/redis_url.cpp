#include "config/redis_url.hpp"

#include "config/units.hpp"

#include <limits>

namespace darkroom {

namespace {

constexpr auto form = "the form is redis://[user:password@]host[:port][/db], "
                      "or rediss:// for TLS";

error bad(const std::string& what) {
  return fail(ec::bad_config, what + "; " + form);
}

/// The value of a hexadecimal digit, or -1.
int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

result<std::string> decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return bad("has a '%' that is not followed by two hexadecimal digits");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

status read_user(std::string_view user, redis_address& to) {
  auto colon = user.find(':');
  auto name = decode(user.substr(0, colon));
  if (!name)
    return std::move(name.error());
  if (!name->empty())
    to.username = *name;
  if (colon == std::string_view::npos)
    return ok;
  auto password = decode(user.substr(colon + 1));
  if (!password)
    return std::move(password.error());
  to.password = *password;
  return ok;
}

status read_host(std::string_view host, redis_address& to) {
  auto end = host.find(':');
  auto name = host.substr(0, end);
  if (!host.empty() && host.front() == '[') {
    end = host.find(']');
    if (end == std::string_view::npos)
      return bad("has a '[' without a ']'");
    name = host.substr(1, end - 1);
    ++end;
  }
  if (name.empty())
    return bad("has no host");
  to.host = name;
  if (end >= host.size())
    return ok;
  auto port = parse_number(host.substr(end + 1));
  if (host[end] != ':' || !port || *port < 1 || *port > 65535)
    return bad("has a port that is not 1 to 65535");
  to.port = static_cast<uint16_t>(*port);
  return ok;
}

status read_database(std::string_view path, redis_address& to) {
  if (path.empty())
    return ok;
  auto number = parse_number(path);
  if (!number || *number < 0 || *number > std::numeric_limits<int>::max())
    return bad("has a database that is not a number");
  to.database = static_cast<int>(*number);
  return ok;
}

} // namespace

result<redis_address> parse_redis_url(std::string_view url) {
  redis_address out;
  out.tls = url.starts_with("rediss://");
  if (!out.tls && !url.starts_with("redis://"))
    return bad("does not begin with redis:// or rediss://");
  auto rest = url.substr(url.find("://") + 3);
  if (rest.find_first_of("?#") != std::string_view::npos)
    return bad("has a query or fragment (a '?' or '#' in a password is written "
               "%3F or %23)");
  auto slash = rest.find(
    '/', rest.rfind('@') == std::string_view::npos ? 0 : rest.rfind('@'));
  auto place = rest.substr(0, slash);
  auto path = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  auto at = place.rfind('@');
  if (at != std::string_view::npos)
    if (auto done = read_user(place.substr(0, at), out); !done)
      return std::move(done.error());
  if (at != std::string_view::npos)
    place.remove_prefix(at + 1);
  if (auto done = read_host(place, out); !done)
    return std::move(done.error());
  if (auto done = read_database(path, out); !done)
    return std::move(done.error());
  return out;
}

} // namespace darkroom
