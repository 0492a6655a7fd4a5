#include "services/text/hex.hpp"

#include <sodium.h>

namespace darkroom {

std::string to_hex(std::string_view bytes) {
  return to_hex(reinterpret_cast<const unsigned char*>(bytes.data()),
                bytes.size());
}

std::string to_hex(const unsigned char* bytes, size_t count) {
  std::string out(2 * count + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, count);
  out.pop_back(); // the terminating zero
  return out;
}

} // namespace darkroom
