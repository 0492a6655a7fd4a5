#include "services/redis/wake_signal.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace darkroom {

wake_signal::wake_signal() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

wake_signal::~wake_signal() {
  ::close(fd_);
}

void wake_signal::raise() {
  uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(fd_, &one, sizeof one);
}

void wake_signal::clear() {
  uint64_t count = 0;
  [[maybe_unused]] auto taken = ::read(fd_, &count, sizeof count);
}

} // namespace darkroom
