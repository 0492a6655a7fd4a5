#include "services/storage/private_files.hpp"

#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace darkroom {

namespace {

constexpr mode_t private_folder = 0700;
constexpr mode_t private_file = 0600;
constexpr mode_t not_ours = S_IRWXG | S_IRWXO;

} // namespace

status make_private_folder(const std::string& folder) {
  std::filesystem::path path;
  for (const auto& part : std::filesystem::path{folder}) {
    path /= part;
    if (path.empty() || ::mkdir(path.c_str(), private_folder) == 0)
      continue;
    std::error_code ignored;
    auto why = errno;
    if (std::filesystem::is_directory(path, ignored))
      continue;
    errno = why;
    return system_failure("cannot make folder", path);
  }
  return ok;
}

void make_private_file(const std::string& path) {
  auto fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                   private_file);
  if (fd >= 0)
    ::close(fd);
  else
    tighten_file(path);
}

void tighten_file(const std::string& path) {
  // Changed by name. Closing a descriptor of a SQLite file would release the
  // locks that this process holds on it.
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || (found.st_mode & not_ours) == 0)
    return;
  if (S_ISREG(found.st_mode))
    (void)::chmod(path.c_str(), found.st_mode & 07777 & ~not_ours);
}

} // namespace darkroom
