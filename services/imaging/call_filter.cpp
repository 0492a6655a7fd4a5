#include "services/imaging/call_filter.hpp"

#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace darkroom {

namespace {

// Found with strace on every picture of the tests and both operations, and in
// the C library's source: what it calls when memory is short, at an abort() and
// on aarch64. libseccomp ignores calls that an architecture lacks.
constexpr int allowed_calls[] = {
  // memory
  SCMP_SYS(brk),
  SCMP_SYS(munmap),
  SCMP_SYS(mremap),
  SCMP_SYS(madvise),
  // threads
  SCMP_SYS(futex),
  SCMP_SYS(futex_time64),
  SCMP_SYS(set_robust_list),
  SCMP_SYS(rseq),
  SCMP_SYS(sched_yield),
  SCMP_SYS(sched_getaffinity),
  SCMP_SYS(getpid),
  SCMP_SYS(gettid),
  SCMP_SYS(exit),
  SCMP_SYS(exit_group),
  // its own signals
  SCMP_SYS(rt_sigaction),
  SCMP_SYS(rt_sigprocmask),
  SCMP_SYS(rt_sigreturn),
  SCMP_SYS(sigaltstack),
  SCMP_SYS(restart_syscall),
  // time, randomness, size of the machine
  SCMP_SYS(clock_gettime),
  SCMP_SYS(clock_getres),
  SCMP_SYS(clock_nanosleep),
  SCMP_SYS(gettimeofday),
  SCMP_SYS(nanosleep),
  SCMP_SYS(getrandom),
  SCMP_SYS(sysinfo),
  // the channel
  SCMP_SYS(poll),
  SCMP_SYS(ppoll),
  SCMP_SYS(close),
};

// No library makes these calls by chance.
constexpr int deadly_calls[] = {
  // programs and processes
  SCMP_SYS(execve),
  SCMP_SYS(execveat),
  SCMP_SYS(fork),
  SCMP_SYS(vfork),
  // other processes
  SCMP_SYS(kill),
  SCMP_SYS(tkill),
  SCMP_SYS(rt_sigqueueinfo),
  SCMP_SYS(rt_tgsigqueueinfo),
  SCMP_SYS(pidfd_open),
  SCMP_SYS(pidfd_getfd),
  SCMP_SYS(pidfd_send_signal),
  SCMP_SYS(ptrace),
  SCMP_SYS(process_vm_readv),
  SCMP_SYS(process_vm_writev),
  // the network
  SCMP_SYS(socket),
  SCMP_SYS(socketpair),
  SCMP_SYS(connect),
  SCMP_SYS(bind),
  SCMP_SYS(listen),
  SCMP_SYS(accept),
  SCMP_SYS(accept4),
  // mounts and namespaces
  SCMP_SYS(mount),
  SCMP_SYS(umount2),
  SCMP_SYS(move_mount),
  SCMP_SYS(open_tree),
  SCMP_SYS(fsopen),
  SCMP_SYS(fsmount),
  SCMP_SYS(fspick),
  SCMP_SYS(pivot_root),
  SCMP_SYS(chroot),
  SCMP_SYS(unshare),
  SCMP_SYS(setns),
  // the kernel
  SCMP_SYS(bpf),
  SCMP_SYS(io_uring_setup),
  SCMP_SYS(userfaultfd),
  SCMP_SYS(perf_event_open),
  SCMP_SYS(add_key),
  SCMP_SYS(request_key),
  SCMP_SYS(keyctl),
  SCMP_SYS(init_module),
  SCMP_SYS(finit_module),
  SCMP_SYS(delete_module),
  SCMP_SYS(kexec_load),
  SCMP_SYS(kexec_file_load),
  SCMP_SYS(reboot),
};

// The flags of pthread_create(): those that must be set, then optional ones.
constexpr uint64_t thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES
                                  | CLONE_SIGHAND | CLONE_THREAD
                                  | CLONE_SYSVSEM;
constexpr uint64_t thread_extras = CLONE_SETTLS | CLONE_PARENT_SETTID
                                   | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID
                                   | CLONE_DETACHED;

using filter = std::unique_ptr<void, void (*)(void*)>;

struct rule {
  uint32_t action;
  int call;
  std::vector<scmp_arg_cmp> when;
};

// Calls that are allowed only with certain arguments.
std::vector<rule> narrow_rules(uint64_t channel, uint64_t self) {
  auto is = [](unsigned int argument, uint64_t value) {
    return scmp_arg_cmp{argument, SCMP_CMP_EQ, value, 0};
  };
  auto yes = SCMP_ACT_ALLOW;
  scmp_arg_cmp no_code{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  scmp_arg_cmp no_file{3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS};
  return {
    {yes, SCMP_SYS(mmap), {no_code, no_file}},
    {yes, SCMP_SYS(mprotect), {no_code}},
    {yes,
     SCMP_SYS(clone),
     {{0, SCMP_CMP_MASKED_EQ, ~thread_extras, thread_flags}}},
    // Its flags are behind a pointer, which a filter cannot follow. With this
    // error, the C library falls back to clone.
    {SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), {}},
    {yes, SCMP_SYS(prctl), {is(0, PR_SET_NAME)}},
    // limit_cpu()
    {yes, SCMP_SYS(prlimit64), {is(0, 0), is(1, RLIMIT_CPU)}},
    // abort()
    {yes, SCMP_SYS(tgkill), {is(0, self)}},
    {SCMP_ACT_KILL_PROCESS, SCMP_SYS(tgkill), {{0, SCMP_CMP_NE, self, 0}}},
    // Only to and from the other end of the channel: no address is given.
    {yes, SCMP_SYS(sendto), {is(0, channel), is(4, 0)}},
    {yes, SCMP_SYS(recvfrom), {is(0, channel), is(4, 0)}},
    {yes, SCMP_SYS(write), {is(0, STDERR_FILENO)}},
    {yes, SCMP_SYS(writev), {is(0, STDERR_FILENO)}},
  };
}

error no_filter(const std::string& step, int failed) {
  return fail(ec::internal, step + ": " + std::strerror(-failed));
}

status fill(const filter& into, int channel) {
  auto rules = narrow_rules(static_cast<uint64_t>(channel),
                            static_cast<uint64_t>(::getpid()));
  for (auto call : allowed_calls)
    rules.push_back({SCMP_ACT_ALLOW, call, {}});
  for (auto call : deadly_calls)
    rules.push_back({SCMP_ACT_KILL_PROCESS, call, {}});
  for (auto& [action, call, when] : rules)
    if (auto failed = seccomp_rule_add_array(
          into.get(), action, call, static_cast<unsigned int>(when.size()),
          when.data()))
      return no_filter("seccomp_rule_add of " + std::to_string(call), failed);
  return ok;
}

result<filter> empty_filter() {
  filter made{seccomp_init(SCMP_ACT_ERRNO(EPERM)), [](void* x) {
                seccomp_release(x);
              }};
  if (!made)
    return no_filter("seccomp_init", -ENOMEM);
  for (auto [attribute, value] :
       {std::pair{SCMP_FLTATR_CTL_TSYNC, 1u},
        std::pair{SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS}})
    if (auto failed = seccomp_attr_set(made.get(), attribute, value))
      return no_filter("seccomp_attr_set", failed);
  return made;
}

} // namespace

status allow_calls(int channel) {
  auto made = empty_filter();
  if (!made)
    return std::move(made.error());
  if (auto filled = fill(*made, channel); !filled)
    return filled;
  if (auto failed = seccomp_load(made->get()))
    return no_filter("seccomp_load", failed);
  return ok;
}

result<std::string> describe_calls(const char* architecture) {
  auto made = empty_filter();
  if (!made)
    return std::move(made.error());
  auto wanted = seccomp_arch_resolve_name(architecture);
  if (wanted != seccomp_arch_native()) {
    auto failed = seccomp_arch_add(made->get(), wanted);
    if (!failed)
      failed = seccomp_arch_remove(made->get(), seccomp_arch_native());
    if (failed)
      return no_filter(std::string{"filter for "} + architecture, failed);
  }
  if (auto filled = fill(*made, STDERR_FILENO + 1); !filled)
    return std::move(filled.error());
  std::unique_ptr<FILE, int (*)(FILE*)> file{std::tmpfile(), std::fclose};
  if (!file)
    return no_filter("tmpfile", -errno);
  if (auto failed = seccomp_export_pfc(made->get(), fileno(file.get())))
    return no_filter("seccomp_export_pfc", failed);
  std::string text;
  std::rewind(file.get());
  for (int c = 0; (c = std::fgetc(file.get())) != EOF;)
    text += static_cast<char>(c);
  return text;
}

} // namespace darkroom
