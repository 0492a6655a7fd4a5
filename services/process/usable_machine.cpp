#include "services/process/usable_machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

namespace darkroom {

namespace {

constexpr auto unlimited = std::numeric_limits<uint64_t>::max();

std::string line_of(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  return line;
}

// The folders of this process's cgroup and of those above it, because each may
// set a limit. In a container the topmost is the container's own.
// @param controller "memory" of version 1, or "" for version 2
std::vector<std::string> own_cgroups(const std::string& controller) {
  std::vector<std::string> folders;
  auto root = "/sys/fs/cgroup" + (controller.empty() ? "" : "/" + controller);
  std::ifstream file{"/proc/self/cgroup"}; // "4:memory:/a/b", "0::/a/b"
  for (std::string line; std::getline(file, line);) {
    auto mark = ":" + controller + ":/";
    auto at = line.find(mark);
    if (at == std::string::npos)
      continue;
    auto own = line.substr(at + mark.size() - 1);
    for (; own.size() > 1; own.resize(own.rfind('/')))
      folders.push_back(root + own);
  }
  folders.push_back(root);
  return folders;
}

uint64_t least_limit(const std::string& controller, const char* file) {
  auto least = unlimited;
  for (const auto& folder : own_cgroups(controller)) {
    uint64_t bytes = 0;
    std::istringstream text{line_of(folder + "/" + file)};
    if (text >> bytes)
      least = std::min(least, bytes);
  }
  return least;
}

uint32_t cores_of_cgroups() {
  auto least = std::numeric_limits<uint32_t>::max();
  auto keep = [&least](uint32_t cores) {
    if (cores > 0)
      least = std::min(least, cores);
  };
  for (const auto& folder : own_cgroups(""))
    keep(cores_of_quota(line_of(folder + "/cpu.max")));
  for (const auto& folder : own_cgroups("cpu"))
    keep(cores_of_quota(line_of(folder + "/cpu.cfs_quota_us") + " "
                        + line_of(folder + "/cpu.cfs_period_us")));
  return least;
}

} // namespace

uint32_t cores_of_quota(const std::string& cpu_max) {
  int64_t quota = 0;
  int64_t period = 0;
  std::istringstream text{cpu_max};
  if (!(text >> quota >> period) || quota <= 0 || period <= 0)
    return 0; // "max 100000", or "-1 100000" of version 1
  return static_cast<uint32_t>(
    std::clamp<int64_t>((quota + period - 1) / period, 1, 65535));
}

uint32_t usable_cores() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  auto cores = ::sched_getaffinity(0, sizeof mask, &mask) == 0
                 ? static_cast<uint32_t>(CPU_COUNT(&mask))
                 : std::thread::hardware_concurrency();
  return std::max(std::min(cores, cores_of_cgroups()), 1u);
}

uint64_t usable_memory() {
  auto pages = std::max(::sysconf(_SC_PHYS_PAGES), 1l);
  auto memory = static_cast<uint64_t>(pages)
                * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  rlimit space{};
  if (::getrlimit(RLIMIT_AS, &space) == 0)
    memory = std::min<uint64_t>(memory, space.rlim_cur);
  return std::min({memory, least_limit("", "memory.max"),
                   least_limit("memory", "memory.limit_in_bytes")});
}

} // namespace darkroom
