#include "services/notify/signature.hpp"

#include "services/text/hex.hpp"

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
  return "t=" + time + ",v1=" + to_hex(mac, sizeof mac);
}

} // namespace darkroom
