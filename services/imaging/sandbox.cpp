#include "services/imaging/sandbox.hpp"

#include "services/imaging/call_filter.hpp"
#include "services/imaging/landlock.hpp"
#include "services/imaging/namespaces.hpp"
#include "services/imaging/privileges.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <string>

namespace darkroom {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true; // g++'s macros
#else
constexpr bool is_sanitized = false;
#endif

struct hard_limit {
  __rlimit_resource what;
  rlim_t most;
  const char* name;
};

// The system counts processes, threads included, per user over the whole
// machine. Each of up to 640 codecs ([worker] concurrency) may need five.
constexpr rlim_t max_processes = 8192;
constexpr rlim_t max_files = 16;

status check(int failed, const char* step) {
  if (failed)
    return fail(ec::internal, std::string{"codec sandbox: "} + step
                                + " failed: " + std::strerror(errno));
  return ok;
}

// Never exceeds the inherited limit, because only root may raise it.
status limit(const hard_limit& x) {
  rlimit now{};
  if (auto got = check(getrlimit(x.what, &now), x.name); !got)
    return got;
  auto most = std::min(x.most, now.rlim_max);
  rlimit both{most, most};
  return check(setrlimit(x.what, &both), x.name);
}

status limit_resources(const sandbox_plan& plan) {
  for (auto& x :
       {hard_limit{RLIMIT_CORE, 0, "RLIMIT_CORE"},
        {RLIMIT_FSIZE, 0, "RLIMIT_FSIZE"},
        {RLIMIT_MSGQUEUE, 0, "RLIMIT_MSGQUEUE"},
        {RLIMIT_MEMLOCK, 0, "RLIMIT_MEMLOCK"},
        {RLIMIT_NOFILE, max_files, "RLIMIT_NOFILE"},
        {RLIMIT_NPROC, max_processes, "RLIMIT_NPROC"},
        {RLIMIT_CPU, static_cast<rlim_t>(plan.cpu.count()), "RLIMIT_CPU"}})
    if (auto done = limit(x); !done)
      return done;
  if (is_sanitized)
    return ok;
  return limit({RLIMIT_AS, plan.memory_bytes, "RLIMIT_AS"});
}

// Steps that work on every Linux; they come before we give up our rights.
status detach(const sandbox_plan& plan) {
  // Ctrl-C and a service's stop signal the whole group, but the client ends us.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  if (auto done = limit_resources(plan); !done)
    return done;
  if (auto done = check(::chdir("/"), "chdir"); !done)
    return done;
  return check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "NO_NEW_PRIVS");
}

// A change of user undoes both, so they come after it.
status belong_to_parent() {
  if (auto done = check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PDEATHSIG"); !done)
    return done;
  if (is_sanitized)
    return ok;
  return check(prctl(PR_SET_DUMPABLE, 0), "DUMPABLE");
}

status drop_rights(sandbox_report& to) {
  auto is_apart = enter_namespaces(user_namespace::machine, to);
  if (auto done = empty_bounding_set(); !done)
    return fail(ec::internal, "codec sandbox: " + done.error().context);
  if (::geteuid() == 0) {
    if (auto done = become_nobody(); done)
      to.held.push_back("user " + std::to_string(nobody_uid));
    else
      to.missing.push_back("a user of its own (" + done.error().context + ")");
  }
  // A user namespace of its own gives all capabilities again.
  if (!is_apart && enter_namespaces(user_namespace::own, to))
    if (auto done = empty_bounding_set(); !done)
      return fail(ec::internal, "codec sandbox: " + done.error().context);
  if (auto done = drop_capabilities(); !done)
    return fail(ec::internal, "codec sandbox: " + done.error().context);
  to.held.push_back("no capabilities");
  return ok;
}

void close_files(sandbox_report& to) {
  if (auto version = deny_files(); version)
    to.held.push_back("Landlock " + std::to_string(*version));
  else
    to.missing.push_back("Landlock (" + version.error().context + ")");
}

} // namespace

result<sandbox_report> enter_sandbox(const sandbox_plan& plan) {
  sandbox_report report;
  if (auto done = detach(plan); !done)
    return std::move(done.error());
  report.held.emplace_back("hard limits");
  if (is_sanitized) {
    report.missing.emplace_back("all that sanitizers cannot work with");
    if (auto done = belong_to_parent(); !done)
      return std::move(done.error());
    return report;
  }
  if (auto done = drop_rights(report); !done)
    return std::move(done.error());
  if (auto done = belong_to_parent(); !done)
    return std::move(done.error());
  close_files(report);
  if (auto done = allow_calls(plan.channel); !done)
    return fail(ec::internal, "codec sandbox: " + done.error().context);
  report.held.emplace_back("list of system calls");
  return report;
}

status limit_cpu(std::chrono::milliseconds more) {
  auto used = static_cast<rlim_t>(std::clock() / CLOCKS_PER_SEC);
  auto seconds = std::chrono::ceil<std::chrono::seconds>(more).count();
  rlimit soft{};
  if (auto got = check(getrlimit(RLIMIT_CPU, &soft), "RLIMIT_CPU"); !got)
    return got;
  soft.rlim_cur = std::min(used + static_cast<rlim_t>(seconds) + 1,
                           soft.rlim_max);
  return check(setrlimit(RLIMIT_CPU, &soft), "RLIMIT_CPU");
}

} // namespace darkroom
