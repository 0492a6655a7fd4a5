#include "services/process/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace darkroom {

namespace {

/// When the machine booted, Unix time in seconds; 0 if it is not told.
double boot_time() {
  std::ifstream in{"/proc/stat"};
  for (std::string word; in >> word;) {
    double value = 0;
    if (word == "btime" && in >> value)
      return value;
  }
  return 0;
}

double ticks(uint64_t count) {
  return static_cast<double>(count) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Reads the fields of /proc/self/stat, see proc(5).
void read_stat(process_usage& out) {
  std::ifstream in{"/proc/self/stat"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  auto name_end = text.rfind(')'); // a name may hold blanks
  if (name_end == std::string::npos)
    return;
  std::istringstream fields{text.substr(name_end + 1)};
  constexpr int first = 3; // the field after the name
  std::string field;
  uint64_t cpu = 0;
  for (int i = first; i <= 24 && fields >> field; ++i) {
    auto number = std::strtoull(field.c_str(), nullptr, 10);
    if (i == 14 || i == 15)
      cpu += number;
    else if (i == 20)
      out.threads = number;
    else if (i == 22)
      out.started = boot_time() + ticks(number);
    else if (i == 23)
      out.virtual_bytes = number;
    else if (i == 24)
      out.resident_bytes = number
                           * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  }
  out.cpu_seconds = ticks(cpu);
}

} // namespace

process_usage usage_of_process() {
  process_usage out;
  read_stat(out);
  std::error_code failed;
  std::filesystem::directory_iterator files{"/proc/self/fd", failed};
  if (!failed) // without the one that reads the folder
    out.open_files
      = static_cast<uint64_t>(std::distance(begin(files), end(files))) - 1;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    out.max_open_files = limit.rlim_cur;
  return out;
}

} // namespace darkroom
