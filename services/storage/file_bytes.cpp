#include "services/storage/file_bytes.hpp"

#include "services/storage/durable.hpp"
#include "services/text/hex.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace darkroom {

result<file_bytes> file_bytes::open(const std::string& path) {
  auto fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return system_failure("cannot read", path);
  struct stat facts {};
  void* start = nullptr;
  auto failed = ::fstat(fd, &facts) != 0;
  auto size = failed ? 0 : static_cast<size_t>(facts.st_size);
  if (!failed && size > 0) {
    start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    failed = start == MAP_FAILED;
  }
  auto why = system_failure("cannot read", path);
  ::close(fd);
  if (failed)
    return why;
  return file_bytes{start, size};
}

file_bytes::~file_bytes() {
  if (start_)
    ::munmap(const_cast<void*>(start_), size_);
}

file_bytes::file_bytes(file_bytes&& other) noexcept
  : start_(std::exchange(other.start_, nullptr)),
    size_(std::exchange(other.size_, 0)) {}

file_bytes& file_bytes::operator=(file_bytes&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(size_, other.size_);
  return *this;
}

std::string sha256_of(std::string_view bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(
    digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return to_hex(digest, sizeof digest);
}

} // namespace darkroom
