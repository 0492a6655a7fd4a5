#include "services/storage/sha256.hpp"

#include "services/text/hex.hpp"

#include <sodium.h>

namespace darkroom {

struct sha256_sum::state {
  crypto_hash_sha256_state value;
};

sha256_sum::sha256_sum() : state_(std::make_unique<state>()) {
  crypto_hash_sha256_init(&state_->value);
}

sha256_sum::~sha256_sum() = default;
sha256_sum::sha256_sum(sha256_sum&&) noexcept = default;
sha256_sum& sha256_sum::operator=(sha256_sum&&) noexcept = default;

void sha256_sum::add(std::string_view bytes) {
  crypto_hash_sha256_update(
    &state_->value, reinterpret_cast<const unsigned char*>(bytes.data()),
    bytes.size());
}

std::string sha256_sum::hex() {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state_->value, digest);
  return to_hex(digest, sizeof digest);
}

} // namespace darkroom
