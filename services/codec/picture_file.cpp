#include "services/codec/picture_file.hpp"

#include "services/storage/file_error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace darkroom {

result<picture_file> picture_file::open(const std::string& path,
                                        uint64_t max_bytes) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  picture_file file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK),
                    path};
  struct stat found {};
  if (file.fd_ < 0 || ::fstat(file.fd_, &found))
    return fail(file_error_code(errno),
                "cannot open picture '" + path + "': " + std::strerror(errno));
  if (!S_ISREG(found.st_mode))
    return fail(ec::bad_input, "'" + path + "' is not a regular file");
  file.size_ = static_cast<uint64_t>(found.st_size);
  if (file.size_ == 0)
    return fail(ec::bad_input,
                "picture '" + path + "' is empty: the file has 0 bytes");
  if (file.size_ > max_bytes)
    return fail(ec::too_large,
                "picture '" + path + "' has " + std::to_string(file.size_)
                  + " bytes, limit is " + std::to_string(max_bytes)
                  + " ([imaging] max_bytes)");
  return file;
}

picture_file::picture_file(int fd, std::string path)
  : fd_(fd),
    path_(std::move(path)) {}

picture_file::~picture_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

picture_file::picture_file(picture_file&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)),
    size_(other.size_),
    path_(std::move(other.path_)),
    sum_(std::move(other.sum_)) {}

picture_file& picture_file::operator=(picture_file&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  std::swap(sum_, other.sum_);
  return *this;
}

result<std::string> picture_file::read(size_t max_bytes) {
  std::string bytes(max_bytes, '\0');
  auto n = ::read(fd_, bytes.data(), bytes.size());
  while (n < 0 && errno == EINTR)
    n = ::read(fd_, bytes.data(), bytes.size());
  if (n < 0)
    return fail(file_error_code(errno),
                "cannot read picture '" + path_ + "': " + std::strerror(errno));
  bytes.resize(static_cast<size_t>(n));
  if (sum_)
    sum_->add(bytes);
  return bytes;
}

std::string picture_file::sha256() {
  auto hex = sum_->hex();
  sum_.reset();
  return hex;
}

} // namespace darkroom
