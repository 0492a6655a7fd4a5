#include "services/storage/staged_upload.hpp"

#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace darkroom {

result<staged_upload> staged_upload::create(std::string aside,
                                            std::string final_path) {
  if (auto made = make_folder_of(aside); !made)
    return std::move(made.error());
  auto fd = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                   0644);
  if (fd < 0)
    return system_failure("cannot create file", aside);
  return staged_upload{fd, std::move(aside), std::move(final_path)};
}

staged_upload::staged_upload(int fd, std::string aside, std::string final_path)
  : fd_(fd),
    aside_(std::move(aside)),
    final_(std::move(final_path)) {}

staged_upload::~staged_upload() {
  if (fd_ >= 0)
    ::close(fd_);
  if (!aside_.empty())
    ::unlink(aside_.c_str());
}

staged_upload::staged_upload(staged_upload&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)),
    bytes_(other.bytes_),
    aside_(std::exchange(other.aside_, {})),
    final_(std::move(other.final_)) {}

staged_upload& staged_upload::operator=(staged_upload&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(bytes_, other.bytes_);
  std::swap(aside_, other.aside_);
  std::swap(final_, other.final_);
  return *this;
}

status staged_upload::append(std::string_view bytes) {
  if (auto written = write_all(fd_, bytes, aside_); !written)
    return written;
  bytes_ += bytes.size();
  return ok;
}

status staged_upload::keep() {
  if (auto finished = finish(); !finished)
    return finished;
  return sync_folder_of(std::exchange(aside_, {}));
}

status staged_upload::commit() {
  if (auto finished = finish(); !finished)
    return finished;
  auto renamed = rename_durably(aside_, final_);
  if (renamed)
    aside_.clear();
  return renamed;
}

status staged_upload::finish() {
  if (::fsync(fd_) || ::close(std::exchange(fd_, -1)))
    return system_failure("cannot sync", aside_);
  return ok;
}

} // namespace darkroom
