#include "messages/protocol.hpp"

namespace darkroom {

uint32_t protocol_version() noexcept {
#ifdef DARKROOM_PROTOCOL_BEFORE // a program for tests
  return newest_protocol - 1;
#else
  return newest_protocol;
#endif
}

} // namespace darkroom
