#include "services/http/upload_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace darkroom {

namespace {

/// An error for the client, which must not learn the path on the server.
error system_error(const std::string& what) {
  return fail(ec::storage_failed, what + ": " + std::strerror(errno));
}

} // namespace

upload_file::~upload_file() {
  remove();
}

status upload_file::open(const std::string& path) {
  remove();
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                       0644);
  if (descriptor_ < 0)
    return system_error("cannot create the upload's file");
  path_ = path;
  size_ = 0;
  return ok;
}

status upload_file::write(std::string_view bytes) {
  while (!bytes.empty()) {
    auto done = ::write(descriptor_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return system_error("cannot write the upload");
    size_ += static_cast<uint64_t>(done);
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return ok;
}

status upload_file::keep() {
  // The answer says that the upload is kept, so it must survive a power cut.
  auto failed = ::fsync(descriptor_) != 0;
  failed |= ::close(std::exchange(descriptor_, -1)) != 0;
  if (failed)
    return system_error("cannot close the upload");
  return ok;
}

void upload_file::remove() {
  if (descriptor_ >= 0)
    ::close(std::exchange(descriptor_, -1));
  if (!path_.empty())
    ::unlink(path_.c_str());
  release();
}

void upload_file::release() {
  path_.clear();
  size_ = 0;
}

} // namespace darkroom
