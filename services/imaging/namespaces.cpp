#include "services/imaging/namespaces.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace darkroom {

namespace {

// Processes have no namespace of their own: it would begin with a child of
// this process, and the client must be able to kill the codec itself.
constexpr int left_behind = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC
                            | CLONE_NEWUTS | CLONE_NEWCGROUP;

// One that every system has; the empty root is mounted over it.
constexpr const char* folders[] = {"/tmp", "/proc", "/dev", "/usr"};

bool mount_empty(const char* over) {
  return ::mount("none", over, "tmpfs",
                 MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                 "nr_inodes=1,mode=0555")
           == 0
         && ::chdir(over) == 0;
}

// Fails where the root is no mount, as in the first RAM disk.
bool empty_root() {
  // Else the machine would see our mounts.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return false;
  for (auto folder : folders)
    if (mount_empty(folder))
      return ::syscall(SYS_pivot_root, ".", ".") == 0
             && ::umount2(".", MNT_DETACH) == 0 && ::chdir("/") == 0;
  return false;
}

} // namespace

bool enter_namespaces(user_namespace users, sandbox_report& to) {
  auto more = users == user_namespace::own ? CLONE_NEWUSER : 0;
  if (::unshare(left_behind | more) != 0)
    return false;
  to.held.emplace_back("no network");
  if (empty_root())
    to.held.emplace_back("empty root folder");
  return true;
}

} // namespace darkroom
