#include "services/imaging/landlock.hpp"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace darkroom {

namespace {

// Debian 12's header ends at version 2. The later rights are taken from the
// kernel's interface, which never changes.
struct ruleset {
  uint64_t files = 0;
  uint64_t network = 0; // since version 4
  uint64_t outside = 0; // since version 6
};

constexpr uint64_t first(int bits) {
  return (uint64_t{1} << bits) - 1;
}

// No rule is added, so everything listed here is refused everywhere.
ruleset all_of(int version) {
  ruleset all;
  all.files = first(13);
  if (version >= 2)
    all.files = first(14); // moving to another folder
  if (version >= 3)
    all.files = first(15); // truncate()
  if (version >= 5)
    all.files = first(16); // ioctl() of devices
  if (version >= 4)
    all.network = first(2); // bind() and connect() of TCP
  if (version >= 6)
    all.outside = first(2); // abstract sockets and signals
  return all;
}

error no_landlock(const char* step) {
  return fail(ec::internal, std::string{step} + ": " + std::strerror(errno));
}

} // namespace

result<int> deny_files() {
  auto version = static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr,
                                          0, LANDLOCK_CREATE_RULESET_VERSION));
  if (version < 1)
    return no_landlock("landlock_create_ruleset");
  auto wanted = all_of(version);
  auto rules = static_cast<int>(
    syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0));
  if (rules < 0)
    return no_landlock("landlock_create_ruleset");
  auto failed = syscall(SYS_landlock_restrict_self, rules, 0);
  auto why = errno;
  ::close(rules);
  errno = why;
  if (failed)
    return no_landlock("landlock_restrict_self");
  return version;
}

} // namespace darkroom
