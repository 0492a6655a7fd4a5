#include "services/imaging/sandbox.hpp"

#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>

namespace darkroom {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true; // g++'s macros
#else
constexpr bool is_sanitized = false;
#endif

constexpr rlim_t max_files = 16;

// Nothing below is needed once libvips runs.
constexpr int refused_calls[] = {
  SCMP_SYS(open),
  SCMP_SYS(openat),
  SCMP_SYS(openat2),
  SCMP_SYS(creat),
  SCMP_SYS(socket),
  SCMP_SYS(socketpair),
  SCMP_SYS(connect),
  SCMP_SYS(bind),
  SCMP_SYS(listen),
  SCMP_SYS(accept),
  SCMP_SYS(accept4),
  SCMP_SYS(execve),
  SCMP_SYS(execveat),
  SCMP_SYS(fork),
  SCMP_SYS(vfork),
  SCMP_SYS(ptrace),
  SCMP_SYS(kill),
  SCMP_SYS(pidfd_open),
  SCMP_SYS(io_uring_setup),
  SCMP_SYS(process_vm_readv),
  SCMP_SYS(process_vm_writev),
  SCMP_SYS(bpf),
  SCMP_SYS(perf_event_open),
  SCMP_SYS(userfaultfd),
  SCMP_SYS(unshare),
  SCMP_SYS(setns),
  SCMP_SYS(mount),
  SCMP_SYS(unlink),
  SCMP_SYS(unlinkat),
  SCMP_SYS(rename),
  SCMP_SYS(renameat),
  SCMP_SYS(renameat2),
  SCMP_SYS(mkdir),
  SCMP_SYS(mkdirat),
  SCMP_SYS(chmod),
  SCMP_SYS(fchmodat),
  SCMP_SYS(keyctl),
  SCMP_SYS(add_key),
};

status check(int failed, const char* step) {
  if (failed)
    return fail(ec::internal, std::string{"codec sandbox: "} + step
                                + " failed: " + std::strerror(errno));
  return ok;
}

status limit(__rlimit_resource what, rlim_t most, const char* step) {
  rlimit both{most, most};
  return check(setrlimit(what, &both), step);
}

// Threads may be made, processes not. clone3 hides its flags from filters; the
// C library falls back to clone.
int refuse_processes(scmp_filter_ctx filter) {
  auto no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0)
         || seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(clone), 1,
                             no_thread);
}

status refuse_calls() {
  std::unique_ptr<void, void (*)(void*)> filter{seccomp_init(SCMP_ACT_ALLOW),
                                                [](void* x) {
                                                  seccomp_release(x);
                                                }};
  if (!filter || seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1))
    return check(1, "seccomp_init");
  for (auto call : refused_calls)
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 0))
      return check(1, "seccomp_rule_add");
  if (auto failed = refuse_processes(filter.get()); failed)
    return check(failed, "seccomp_rule_add");
  return check(seccomp_load(filter.get()), "seccomp_load");
}

} // namespace

status enter_sandbox(uint64_t memory_bytes) {
  // Ctrl-C and a service's stop reach the whole group; the client ends us.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  if (auto x = check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PDEATHSIG"); !x)
    return x;
  if (auto x = check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "NO_NEW_PRIVS");
      !x)
    return x;
  if (auto x = limit(RLIMIT_CORE, 0, "RLIMIT_CORE"); !x)
    return x;
  if (auto x = limit(RLIMIT_NOFILE, max_files, "RLIMIT_NOFILE"); !x)
    return x;
  if (is_sanitized) // they open /proc and make a process to find leaks
    return ok;
  if (auto x = limit(RLIMIT_AS, memory_bytes, "RLIMIT_AS"); !x)
    return x;
  return refuse_calls();
}

status limit_cpu(std::chrono::milliseconds more) {
  auto used = static_cast<rlim_t>(std::clock() / CLOCKS_PER_SEC);
  auto seconds = std::chrono::ceil<std::chrono::seconds>(more).count();
  rlimit soft{used + static_cast<rlim_t>(seconds) + 1, RLIM_INFINITY};
  return check(setrlimit(RLIMIT_CPU, &soft), "RLIMIT_CPU");
}

} // namespace darkroom
