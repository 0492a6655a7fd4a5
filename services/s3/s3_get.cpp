// The part of s3_bucket that reads objects.
#include "services/s3/s3_bucket.hpp"
#include "services/s3/s3_sums.hpp"
#include "services/storage/file_bytes.hpp"

#include <unistd.h>

#include <cerrno>

namespace darkroom {

namespace {

bool write_piece(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

/// Where an object is written while it is read.
struct download {
  int file = -1;
  uint64_t most = 0;
  uint64_t size = 0;
  bool is_disk_bad = false;

  void begin() {
    size = 0;
    is_disk_bad = ::lseek(file, 0, SEEK_SET) != 0 || ::ftruncate(file, 0) != 0;
  }

  bool take(std::string_view bytes) {
    size += bytes.size();
    if (size > most)
      return false;
    is_disk_bad = is_disk_bad || !write_piece(file, bytes);
    return !is_disk_bad;
  }

  /// What is wrong with the bytes; see `sum_problem`.
  std::string problem(const http_answer& answer) const {
    if (size == 0)
      return {};
    auto bytes = file_bytes::open("/proc/self/fd/" + std::to_string(file));
    return bytes ? sum_problem(answer, bytes->view()) : bytes.error().context;
  }
};

} // namespace

result<uint64_t> s3_bucket::get(const std::string& key, int to_file,
                                uint64_t most,
                                const std::atomic<bool>* cancel) const {
  download to{to_file, most};
  order x{"cannot read '" + key + '\'', "GET", key};
  x.begin = [&to] {
    to.begin();
  };
  x.take = [&to](std::string_view bytes) {
    return to.take(bytes);
  };
  x.check = [&to](const http_answer& answer) {
    return to.problem(answer);
  };
  x.cancel = cancel;
  auto done = run(x);
  if (to.size > most)
    return fail(ec::too_large, "picture '" + key + "' has more than "
                                 + std::to_string(most)
                                 + " bytes, the limit ([imaging] max_bytes)");
  if (to.is_disk_bad)
    return fail(ec::storage_failed,
                "cannot write '" + key
                  + "' to a file in TMPDIR: make room there");
  if (!done)
    return std::move(done.error());
  return to.size;
}

} // namespace darkroom
