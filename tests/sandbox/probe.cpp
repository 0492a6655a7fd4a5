/// `sandbox_probe`: does one forbidden deed from within the codec's sandbox, or
/// a part of it. tests/services/sandbox_test.cpp starts it.
///
///   sandbox_probe list                     names of all deeds, one a line:
///                                          group, free|hard, name
///   sandbox_probe calls ARCHITECTURE       the list of system calls
///   sandbox_probe without CALL PROGRAM…    runs it as on a kernel that lacks
///   CALL sandbox_probe WALLS DEED FOLDER PID    exits with 0 if the deed was
///   done,
///                                          else with the error's number
#include "services/imaging/call_filter.hpp"
#include "services/imaging/landlock.hpp"
#include "services/imaging/namespaces.hpp"
#include "services/imaging/privileges.hpp"
#include "services/imaging/sandbox.hpp"
#include "tests/sandbox/deeds.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

using namespace darkroom;
using namespace darkroom::test;

namespace {

constexpr int no_walls = 250; // no error of Linux's has this number

void list(const char* group, const std::vector<deed>& deeds) {
  for (auto& x : deeds)
    std::printf("%s %s %s\n", group, x.works_freely ? "free" : "hard", x.name);
}

long count_interfaces() {
  auto all = ::if_nameindex();
  long count = 0;
  for (auto x = all; x != nullptr && x->if_index != 0; ++x)
    ++count;
  ::if_freenameindex(all);
  return count;
}

// Count what is there: 0 is told as ENODATA.
const std::vector<deed> looks{
  {"see a network interface but lo",
   [](const prey&) -> long {
     errno = ENODATA;
     return count_interfaces() > 1 ? 0 : -1;
   }},
  {"see a file in the root folder",
   [](const prey&) -> long {
     struct stat found {};
     for (auto path : {"/etc", "/tmp", "/proc", "/dev", "/usr"})
       if (::stat(path, &found) == 0)
         return 0;
     errno = ENODATA;
     return -1;
   }},
  {"make a file in the root folder",
   [](const prey&) -> long {
     return ::open("/new", O_CREAT | O_WRONLY, 0600);
   }},
};

// What a codec must be able to do.
const std::vector<deed> honest_deeds{
  {"start a thread",
   [](const prey&) {
     long done = -1;
     std::thread{[&] {
       done = 0;
     }}.join();
     return done;
   }},
  {"ask for memory",
   [](const prey&) {
     for (size_t size = 1; size < 100'000'000; size *= 3)
       std::free(std::realloc(std::malloc(size), 2 * size));
     return 0L;
   }},
  {"limit its CPU",
   [](const prey&) {
     return limit_cpu(std::chrono::minutes{1}) ? 0L : -1L;
   }},
  {"abort",
   [](const prey&) -> long {
     std::abort();
   }},
};

const deed* find(std::string_view name) {
  for (auto* deeds : {&file_deeds(), &process_deeds(), &kernel_deeds(), &looks,
                      &honest_deeds})
    for (auto& x : *deeds)
      if (x.name == name)
        return &x;
  return nullptr;
}

bool raise(std::string_view walls) {
  if (walls == "all")
    return bool{enter_sandbox({1610612736, std::chrono::hours{1}, 3})};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    return false;
  sandbox_report told;
  if (walls == "namespaces")
    return enter_namespaces(user_namespace::machine, told)
           && told.held.size() == 2;
  if (walls == "own users")
    return enter_namespaces(user_namespace::own, told) && told.held.size() == 2;
  if (walls == "landlock")
    return bool{deny_files()};
  if (walls == "rights")
    return empty_bounding_set() && become_nobody() && drop_capabilities();
  if (walls == "calls")
    return bool{allow_calls(3)};
  return walls == "none";
}

// Comes back only if it fails.
int run_without(const char* call, char** program) {
  auto filter = seccomp_init(SCMP_ACT_ALLOW);
  if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
                       seccomp_syscall_resolve_name(call), 0)
        == 0
      && seccomp_load(filter) == 0)
    ::execv(program[0], program);
  return no_walls;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 2 && argv[1] == std::string_view{"list"}) {
    list("file", file_deeds());
    list("process", process_deeds());
    list("kernel", kernel_deeds());
    return 0;
  }
  if (argc == 3 && argv[1] == std::string_view{"calls"}) {
    auto calls = describe_calls(argv[2]);
    std::puts(calls ? calls->c_str() : calls.error().context.c_str());
    return calls ? 0 : 1;
  }
  if (argc > 3 && argv[1] == std::string_view{"without"})
    return run_without(argv[2], argv + 3);
  auto* what = argc == 5 ? find(argv[2]) : nullptr;
  if (what == nullptr)
    return no_walls;
  prey prey{argv[3], -1, std::atoi(argv[4])};
  prey.file = ::open(prey.precious().c_str(), O_RDWR);
  if (!raise(argv[1]))
    return no_walls;
  errno = 0;
  return what->attempt(prey) < 0 ? errno : 0;
}
