#include "services/notify/signature.hpp"

#include <sodium.h>

namespace darkroom {

std::string signature_of(const std::string& body, int64_t seconds,
                         const std::string& secret) {
  auto bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  auto time = std::to_string(seconds);
  auto signed_text = time + "." + body;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
  crypto_auth_hmacsha256_update(&state, bytes(signed_text), signed_text.size());
  unsigned char mac[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256_final(&state, mac);
  char hex[2 * sizeof mac + 1];
  sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
  return "t=" + time + ",v1=" + hex;
}

} // namespace darkroom
