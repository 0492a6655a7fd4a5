#include "services/net/host_name.hpp"

#include <unistd.h>

namespace darkroom {

std::string host_name() {
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

} // namespace darkroom
