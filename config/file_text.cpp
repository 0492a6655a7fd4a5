#include "config/file_text.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace darkroom {

result<std::string> file_text(const std::string& path) {
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::string out;
  std::array<char, 65536> part{};
  while (file.read(part.data(), part.size()) || file.gcount() > 0)
    out.append(part.data(), static_cast<size_t>(file.gcount()));
  if (!file.is_open() || file.bad())
    return fail(ec::storage_failed, std::strerror(errno));
  return out;
}

} // namespace darkroom
