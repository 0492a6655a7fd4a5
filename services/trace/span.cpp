#include "services/trace/span.hpp"

#include <chrono>

namespace darkroom {

int64_t span_clock() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch())
    .count();
}

} // namespace darkroom
