#include "tests/sandbox/deeds.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>

namespace darkroom::test {

namespace {

char* const no_words[] = {const_cast<char*>("true"), nullptr};

// The copy ends at once.
long one_of_two(long made) {
  if (made == 0)
    syscall(SYS_exit_group, 0);
  return made;
}

long clone3_process(const prey&) {
  clone_args how{};
  how.exit_signal = SIGCHLD;
  return one_of_two(syscall(SYS_clone3, &how, sizeof how));
}

long signal_by_queue(const prey& x) {
  siginfo_t what{};
  what.si_code = SI_QUEUE;
  return syscall(SYS_rt_sigqueueinfo, x.victim, SIGKILL, &what);
}

long signal_by_descriptor(const prey& x) {
  auto fd = syscall(SYS_pidfd_open, x.victim, 0);
  if (fd < 0)
    return fd;
  return syscall(SYS_pidfd_send_signal, fd, SIGKILL, nullptr, 0);
}

// Where the victim is a copy of the one that tries, addresses are the same; the
// attempt need not find any.
long touch_memory(const prey& x, long call) {
  char byte = 0;
  iovec mine{&byte, 1};
  iovec theirs{const_cast<char**>(no_words), 1};
  auto done = syscall(call, x.victim, &mine, 1, &theirs, 1, 0);
  return done < 0 && errno == EFAULT ? 0 : done;
}

const std::vector<deed> all{
  {"execve",
   [](const prey&) {
     return syscall(SYS_execve, "/bin/true", no_words, nullptr);
   }},
  {"execveat",
   [](const prey&) {
     return syscall(SYS_execveat, AT_FDCWD, "/bin/true", no_words, nullptr, 0);
   }},
#ifdef SYS_fork
  {"fork",
   [](const prey&) {
     return one_of_two(syscall(SYS_fork));
   }},
#endif
  {"clone a process",
   [](const prey&) {
     return one_of_two(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
   }},
  {"clone a process of a new user",
   [](const prey&) {
     return one_of_two(syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER, 0, 0, 0, 0));
   },
   false},
  {"clone3 a process", clone3_process},
  {"kill",
   [](const prey& x) {
     return syscall(SYS_kill, x.victim, SIGKILL);
   }},
  {"kill all",
   [](const prey& x) { return syscall(SYS_kill, -x.victim, SIGKILL); }, false},
  {"tkill",
   [](const prey& x) {
     return syscall(SYS_tkill, x.victim, SIGKILL);
   }},
  {"tgkill",
   [](const prey& x) {
     return syscall(SYS_tgkill, x.victim, x.victim, SIGKILL);
   }},
  {"rt_sigqueueinfo", signal_by_queue},
  {"pidfd_send_signal", signal_by_descriptor},
  {"ptrace",
   [](const prey& x) {
     return syscall(SYS_ptrace, PTRACE_SEIZE, x.victim, 0, 0);
   }},
  {"process_vm_readv",
   [](const prey& x) {
     return touch_memory(x, SYS_process_vm_readv);
   }},
  {"process_vm_writev",
   [](const prey& x) {
     return touch_memory(x, SYS_process_vm_writev);
   }},
  {"prlimit64 of another",
   [](const prey& x) {
     rlimit none{0, 0};
     return syscall(SYS_prlimit64, x.victim, RLIMIT_NOFILE, &none, nullptr);
   }},
  {"prlimit64 of its files",
   [](const prey&) {
     rlimit some{20, 20};
     return syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &some, nullptr);
   }},
  {"setpriority",
   [](const prey& x) {
     return syscall(SYS_setpriority, PRIO_PROCESS, x.victim, 19);
   }},
  {"sched_setaffinity",
   [](const prey& x) {
     unsigned long first = 1;
     return syscall(SYS_sched_setaffinity, x.victim, sizeof first, &first);
   }},
  {"setpgid",
   [](const prey&) {
     return syscall(SYS_setpgid, 0, 0);
   }},
  {"setsid",
   [](const prey&) {
     return syscall(SYS_setsid);
   }},
  {"setresuid",
   [](const prey&) {
     return syscall(SYS_setresuid, -1, -1, -1);
   }},
  {"setgroups",
   [](const prey&) {
     return syscall(SYS_setgroups, 0, nullptr);
   }},
  {"personality",
   [](const prey&) {
     return syscall(SYS_personality, -1L);
   }},
  {"wait for another",
   [](const prey&) {
     return one_of_two(syscall(SYS_waitid, 0, 0, nullptr, 4, nullptr));
   },
   false},
};

} // namespace

const std::vector<deed>& process_deeds() {
  return all;
}

} // namespace darkroom::test
