#include "services/process/trial_memory.hpp"

#include "services/storage/sha256.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace darkroom {

namespace {

constexpr time_t longest_age_s = 600;
constexpr size_t longest_answer = 500;

bool is_to_be_believed(int fd) {
  struct stat info = {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)
      || info.st_uid != ::geteuid())
    return false;
  auto age = ::time(nullptr) - info.st_mtime;
  return age >= 0 && age <= longest_age_s;
}

} // namespace

trial_memory::trial_memory(const std::string& trial, std::string folder) {
  std::error_code ignored;
  if (folder.empty())
    folder = std::filesystem::temp_directory_path(ignored);
  if (folder.empty())
    return;
  sha256_sum sum;
  sum.add(trial);
  path_ = folder + "/darkroom-trial-" + std::to_string(::geteuid()) + '-'
          + sum.hex();
}

std::optional<std::string> trial_memory::get() const {
  constexpr auto flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  auto fd = ::open(path_.c_str(), flags);
  if (fd < 0)
    return std::nullopt;
  char buffer[longest_answer];
  auto size = is_to_be_believed(fd) ? ::read(fd, buffer, sizeof buffer) : -1;
  ::close(fd);
  if (size <= 0)
    return std::nullopt;
  return std::string{buffer, static_cast<size_t>(size)};
}

void trial_memory::keep(const std::string& answer) const {
  if (answer.size() > longest_answer)
    return;
  constexpr auto flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  auto aside = path_ + '.' + std::to_string(::getpid());
  auto fd = ::open(aside.c_str(), flags, 0600);
  if (fd < 0)
    return;
  auto size = ::write(fd, answer.data(), answer.size());
  ::close(fd);
  if (size != static_cast<ssize_t>(answer.size())
      || std::rename(aside.c_str(), path_.c_str()) != 0)
    ::unlink(aside.c_str());
}

std::string file_state(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0)
    info = {};
  return path + ' ' + std::to_string(info.st_size) + ' '
         + std::to_string(info.st_ino) + ' '
         + std::to_string(info.st_ctim.tv_sec) + '.'
         + std::to_string(info.st_ctim.tv_nsec);
}

} // namespace darkroom
