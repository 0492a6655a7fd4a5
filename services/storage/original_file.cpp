#include "services/storage/original_file.hpp"

#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

namespace darkroom {

result<original_file> original_file::make_private(std::string name) {
  std::error_code why;
  auto folder = std::filesystem::temp_directory_path(why);
  if (why)
    folder = "/tmp";
  auto path = (folder / "darkroom-XXXXXX").string();
  auto descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0)
    return system_failure("cannot make a temporary file in", folder.string());
  ::unlink(path.c_str());
  return original_file{descriptor, std::move(name)};
}

original_file::original_file(int descriptor, std::string name)
  : path_("/proc/self/fd/" + std::to_string(descriptor)),
    name_(std::move(name)),
    descriptor_(descriptor) {}

original_file::~original_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

original_file::original_file(original_file&& other) noexcept
  : path_(std::move(other.path_)),
    name_(std::move(other.name_)),
    descriptor_(std::exchange(other.descriptor_, -1)) {}

original_file& original_file::operator=(original_file&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

error original_file::named(error why) const {
  auto quoted = '\'' + path_ + '\'';
  auto at = why.context.find(quoted);
  if (descriptor_ >= 0 && at != std::string::npos)
    why.context.replace(at, quoted.size(), '\'' + name_ + '\'');
  return why;
}

} // namespace darkroom
