#include "services/process/file_limit.hpp"

#include <sys/resource.h>

#include <limits>

namespace darkroom {

uint64_t raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return std::numeric_limits<uint64_t>::max();
  auto before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    limit.rlim_cur = before;
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<uint64_t>::max()
                                         : limit.rlim_cur;
}

} // namespace darkroom
