#include "tests/sandbox/deeds.hpp"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace darkroom::test {

namespace {

long connect_somewhere(const prey&) {
  auto fd = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
  if (fd < 0)
    return fd;
  sockaddr to{};
  return syscall(SYS_connect, fd, &to, sizeof to); // AF_UNSPEC: always well
}

long make_queue(const prey&) {
  auto made = syscall(SYS_mq_open, "darkroom-probe", O_RDWR | O_CREAT, 0600,
                      nullptr);
  if (made >= 0)
    syscall(SYS_mq_unlink, "darkroom-probe");
  return made;
}

long look_at_counters(const prey&) {
  perf_event_attr what{};
  what.type = PERF_TYPE_SOFTWARE;
  what.size = sizeof what;
  what.config = PERF_COUNT_SW_CPU_CLOCK;
  return syscall(SYS_perf_event_open, &what, 0, -1, -1, 0);
}

long make_map(const prey&) {
  bpf_attr how{};
  how.map_type = BPF_MAP_TYPE_ARRAY;
  how.key_size = 4;
  how.value_size = 4;
  how.max_entries = 1;
  return syscall(SYS_bpf, BPF_MAP_CREATE, &how, sizeof how);
}

long make_code(const prey&) {
  auto page = syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == -1)
    return -1;
  return syscall(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC);
}

const std::vector<deed> all{
  {"socket of the network",
   [](const prey&) {
     return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
   }},
  {"socket of the machine",
   [](const prey&) {
     return syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
   }},
  {"connect", connect_somewhere},
  {"socketpair",
   [](const prey&) {
     int ends[2];
     return syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends);
   }},
  {"pipe",
   [](const prey&) {
     int ends[2];
     return syscall(SYS_pipe2, ends, 0);
   }},
  {"memfd_create",
   [](const prey&) {
     return syscall(SYS_memfd_create, "x", 0);
   }},
  {"shmget",
   [](const prey&) {
     auto made = syscall(SYS_shmget, IPC_PRIVATE, 4096, 0600);
     if (made >= 0)
       syscall(SYS_shmctl, made, IPC_RMID, nullptr);
     return made;
   }},
  {"semget",
   [](const prey&) {
     auto made = syscall(SYS_semget, IPC_PRIVATE, 1, 0600);
     if (made >= 0)
       syscall(SYS_semctl, made, 0, IPC_RMID, nullptr);
     return made;
   }},
  {"mq_open", make_queue, false},
  {"inotify",
   [](const prey&) {
     return syscall(SYS_inotify_init1, 0);
   }},
  {"mount",
   [](const prey& x) {
     return syscall(SYS_mount, "x", x.folder.c_str(), "tmpfs", 0, nullptr);
   },
   false},
  {"fsopen", [](const prey&) { return syscall(SYS_fsopen, "tmpfs", 0); },
   false},
  {"umount",
   [](const prey& x) { return syscall(SYS_umount2, x.folder.c_str(), 0); },
   false},
  {"unshare files",
   [](const prey&) {
     return syscall(SYS_unshare, CLONE_FS);
   }},
  {"unshare users",
   [](const prey&) { return syscall(SYS_unshare, CLONE_NEWUSER); }, false},
  {"setns", [](const prey& x) { return syscall(SYS_setns, x.file, 0); }, false},
  {"bpf", make_map, false},
  {"io_uring_setup",
   [](const prey&) {
     io_uring_params how{};
     return syscall(SYS_io_uring_setup, 1, &how);
   },
   false},
  {"add_key",
   [](const prey&) {
     return syscall(SYS_add_key, "user", "x", "y", 1, KEY_SPEC_PROCESS_KEYRING);
   },
   false},
  {"keyctl",
   [](const prey&) {
     return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING,
                    1);
   },
   false},
  {"userfaultfd", [](const prey&) { return syscall(SYS_userfaultfd, 0); },
   false},
  {"perf_event_open", look_at_counters, false},
  {"ioctl",
   [](const prey&) {
     int count = 0;
     return syscall(SYS_ioctl, 0, FIONREAD, &count);
   },
   false},
  {"fcntl",
   [](const prey& x) {
     return syscall(SYS_fcntl, x.file, 1, 0);
   }},
  {"prctl",
   [](const prey&) {
     return syscall(SYS_prctl, PR_SET_DUMPABLE, 1);
   }},
  {"seccomp", [](const prey&) { return syscall(SYS_prctl, PR_SET_SECCOMP, 1); },
   false},
  {"code out of nothing",
   [](const prey&) {
     return syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_EXEC,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
   }},
  {"code out of data", make_code},
};

} // namespace

const std::vector<deed>& kernel_deeds() {
  return all;
}

} // namespace darkroom::test
