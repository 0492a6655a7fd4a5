#include "services/access/access_token.hpp"

#include "services/text/hex.hpp"

#include <sodium.h>

#include <array>

namespace darkroom {

namespace {

constexpr std::string_view mark = "drk_";
constexpr size_t id_bytes = 8;
constexpr size_t secret_bytes = 32;

using byte = unsigned char;

template <size_t Count>
std::string random_hex() {
  std::array<byte, Count> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes.data(), bytes.size());
}

const byte* bytes_of(std::string_view text) {
  return reinterpret_cast<const byte*>(text.data());
}

bool is_hex(std::string_view text, size_t digits) {
  return text.size() == digits
         && text.find_first_not_of("0123456789abcdef") == text.npos;
}

} // namespace

const char* to_string(access_role role) {
  switch (role) {
    case access_role::viewer:
      return "viewer";
    case access_role::operating:
      return "operator";
    case access_role::admin:
      return "admin";
    case access_role::none:
      break;
  }
  return "none";
}

std::optional<access_role> role_named(std::string_view name) {
  for (auto role :
       {access_role::viewer, access_role::operating, access_role::admin})
    if (name == to_string(role))
      return role;
  return std::nullopt;
}

made_token make_token() {
  made_token out;
  out.id = random_hex<id_bytes>();
  auto secret = random_hex<secret_bytes>();
  out.hash = hash_of_secret(secret);
  out.text = std::string{mark} + out.id + "_" + secret;
  return out;
}

std::optional<token_parts> parse_token(std::string_view text) {
  if (!text.starts_with(mark))
    return std::nullopt;
  text.remove_prefix(mark.size());
  auto bar = text.find('_');
  if (bar == text.npos || !is_hex(text.substr(0, bar), 2 * id_bytes)
      || !is_hex(text.substr(bar + 1), 2 * secret_bytes))
    return std::nullopt;
  return token_parts{std::string{text.substr(0, bar)},
                     std::string{text.substr(bar + 1)}};
}

std::string hash_of_secret(std::string_view secret) {
  std::array<byte, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), bytes_of(secret), secret.size(),
                     nullptr, 0);
  return to_hex(hash.data(), hash.size());
}

bool is_equal_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size()
         && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string make_signing_key() {
  return random_hex<crypto_auth_KEYBYTES>();
}

std::string sign(std::string_view text, const std::string& key) {
  std::array<byte, crypto_auth_KEYBYTES> secret{};
  size_t size = 0;
  sodium_hex2bin(secret.data(), secret.size(), key.data(), key.size(), nullptr,
                 &size, nullptr);
  std::array<byte, crypto_auth_BYTES> mac{};
  crypto_auth(mac.data(), bytes_of(text), text.size(), secret.data());
  return to_hex(mac.data(), mac.size());
}

} // namespace darkroom
