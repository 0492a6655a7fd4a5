#define CAF_SUITE sandbox

#include "tests/support/child_process.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <sstream>

using namespace darkroom;
using namespace darkroom::test;

namespace {

const std::string probe = DARKROOM_BINARY_DIR "/sandbox_probe";
const std::string content = "an original\n";

// What became of a program: a signal, or its exit status.
struct ending {
  int signal = 0;
  int status = 0;
};

ending end_of(pid_t child) {
  int how = 0;
  while (::waitpid(child, &how, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(how))
    return {WTERMSIG(how), 0};
  return {0, WEXITSTATUS(how)};
}

struct attempt {
  std::string group;
  bool works_freely = false;
  std::string name;
};

// What can be harmed: a file that all may write, in a folder that all may
// write, and a process of the user that tries it. New for each attempt.
class prey {
public:
  explicit prey(const passwd* user)
    : user_(user),
      victim_(launch({"sleep", "1000"}, {log(), SIGKILL, user})) {
    ::chmod(folder_.path().c_str(), 0777);
    write_file(precious(), content);
    ::chmod(precious().c_str(), 0666);
    CAF_REQUIRE_EQUAL(::lstat(precious().c_str(), &before_), 0);
    limits_ = limits();
  }

  ~prey() {
    end_child(victim_, SIGKILL);
  }

  ending endure(const std::string& walls, const std::string& name) {
    return end_of(
      launch({probe, walls, name, folder_.path(), std::to_string(victim_)},
             {log(), SIGKILL, user_}));
  }

  bool is_unharmed() {
    struct stat now {};
    auto entries
      = std::distance(std::filesystem::directory_iterator{folder_.path()}, {});
    return ::lstat(precious().c_str(), &now) == 0 && entries == 1
           && now.st_mode == before_.st_mode && now.st_uid == before_.st_uid
           && now.st_mtim.tv_sec == before_.st_mtim.tv_sec
           && now.st_mtim.tv_nsec == before_.st_mtim.tv_nsec
           && read_file(precious()) == content && !has_ended(victim_)
           && limits() == limits_;
  }

private:
  std::string precious() const {
    return folder_ / "precious";
  }
  std::string limits() const {
    return read_file("/proc/" + std::to_string(victim_) + "/limits");
  }
  std::string log() const {
    return other_ / "log";
  }

  scratch_folder folder_;
  scratch_folder other_;
  const passwd* user_;
  struct stat before_ {};
  std::string limits_;
  pid_t victim_;
};

struct sandbox_fixture {
  bool is_root = ::geteuid() == 0;

  // Ourselves, and nobody where root can become him and he can reach the probe.
  std::vector<const passwd*> users() {
    std::vector<const passwd*> found{nullptr};
    auto nobody = is_root ? ::getpwnam("nobody") : nullptr;
    scratch_folder folder;
    if (nobody != nullptr
        && end_of(launch({probe, "list"}, {folder / "log", SIGKILL, nobody}))
               .status
             == 0)
      found.push_back(nobody);
    else
      CAF_MESSAGE("not tried as nobody");
    return found;
  }

  static std::vector<attempt> attempts() {
    scratch_folder folder;
    auto done = end_of(launch({probe, "list"}, {folder / "log"}));
    CAF_REQUIRE_EQUAL(done.status, 0);
    std::istringstream lines{folder.read("log")};
    std::vector<attempt> all;
    attempt one;
    for (std::string kind; lines >> one.group >> kind;) {
      std::getline(lines >> std::ws, one.name);
      one.works_freely = kind == "free";
      all.push_back(one);
    }
    CAF_REQUIRE(all.size() > 70);
    return all;
  }

  // By the filter: dead of SIGSYS, or told so.
  static bool is_refused(const ending& how) {
    return how.signal == SIGSYS || how.status == EPERM || how.status == ENOSYS;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sandbox_tests, sandbox_fixture)

CAF_TEST(each attempt succeeds where there is no sandbox) {
  if (!is_root || is_sanitized)
    return;
  for (auto& x : attempts()) {
    if (!x.works_freely)
      continue;
    prey prey{nullptr};
    auto how = prey.endure("none", x.name);
    if (how.signal != 0 || how.status != 0)
      CAF_ERROR(x.name << ": signal " << how.signal << ", status "
                       << how.status);
  }
}

CAF_TEST(each attempt fails from within and harms nothing) {
  if (is_sanitized)
    return;
  for (auto user : users())
    for (auto& x : attempts()) {
      prey prey{user};
      auto how = prey.endure("all", x.name);
      if (!is_refused(how) || !prey.is_unharmed())
        CAF_ERROR(x.name << (user ? " as nobody" : "") << ": signal "
                         << how.signal << ", status " << how.status);
    }
}

CAF_TEST(the list of calls alone refuses each attempt) {
  if (is_sanitized)
    return;
  for (auto& x : attempts()) {
    prey prey{nullptr};
    auto how = prey.endure("calls", x.name);
    if (!is_refused(how) || !prey.is_unharmed())
      CAF_ERROR(x.name << ": signal " << how.signal << ", status "
                       << how.status);
  }
}

CAF_TEST(programs and processes and sockets are deadly to ask for) {
  if (is_sanitized)
    return;
  for (auto name : {"execve", "kill", "tkill", "tgkill", "ptrace",
                    "process_vm_writev", "socket of the machine", "connect",
                    "mount", "bpf", "io_uring_setup", "chroot"}) {
    prey prey{nullptr};
    if (prey.endure("all", name).signal != SIGSYS)
      CAF_ERROR(name << " is survived");
  }
}

CAF_TEST(Landlock keeps files shut without the list of calls) {
  if (is_sanitized)
    return;
  if (prey{nullptr}.endure("landlock", "start a thread").status != 0) {
    CAF_MESSAGE("this kernel has no Landlock");
    return;
  }
  for (auto name : {"read a file", "read /etc/passwd", "list a folder",
                    "write a file", "make a file", "openat2", "unlinkat",
                    "renameat2", "symlinkat", "mknodat", "mkdirat"}) {
    prey prey{nullptr};
    auto how = prey.endure("landlock", name);
    if (how.status != EACCES || !prey.is_unharmed())
      CAF_ERROR(name << ": status " << how.status);
  }
}

CAF_TEST(namespaces alone hide the network and all files) {
  if (is_sanitized)
    return;
  for (auto user : users())
    for (auto walls : {"namespaces", "own users"}) {
      auto with = prey{user}.endure(walls, "start a thread");
      if (with.status != 0) {
        CAF_MESSAGE(walls << ": this system refuses them");
        continue;
      }
      for (auto& [name, refused] :
           {std::pair{"see a network interface but lo", ENODATA},
            {"see a file in the root folder", ENODATA},
            {"make a file in the root folder", EROFS},
            {"read a file", ENOENT},
            {"read /etc/passwd", ENOENT},
            {"make a file", ENOENT},
            {"unlinkat", ENOENT}}) {
        prey prey{user};
        auto how = prey.endure(walls, name);
        if (how.status != refused || !prey.is_unharmed())
          CAF_ERROR(walls << ": " << name << ": signal " << how.signal
                          << ", status " << how.status);
      }
    }
}

CAF_TEST(without rights root is nobody) {
  if (!is_root || is_sanitized)
    return;
  for (auto name : {"kill", "prlimit64 of another", "fchownat", "chroot",
                    "fchmodat", "mount", "setgroups"}) {
    prey prey{nullptr};
    auto how = prey.endure("rights", name);
    if (how.status != EPERM || !prey.is_unharmed())
      CAF_ERROR(name << ": status " << how.status);
  }
}

CAF_TEST(what a codec needs works from within) {
  for (auto user : users()) {
    for (auto name : {"start a thread", "ask for memory", "limit its CPU"}) {
      auto how = prey{user}.endure("all", name);
      CAF_CHECK_EQUAL(how.signal, 0);
      CAF_CHECK_EQUAL(how.status, 0);
    }
    prey prey{user};
    CAF_CHECK_EQUAL(prey.endure("all", "abort").signal, SIGABRT);
  }
}

CAF_TEST(the list of calls can be made for both architectures) {
  for (auto name : {"x86_64", "aarch64"}) {
    scratch_folder folder;
    auto done = end_of(launch({probe, "calls", name}, {folder / "log"}));
    CAF_CHECK_EQUAL(done.status, 0);
    auto calls = folder.read("log");
    for (auto call : {"ppoll", "futex", "mmap", "clone", "recvfrom"})
      CAF_CHECK(calls.find("\"" + std::string{call} + "\"")
                != std::string::npos);
    CAF_CHECK(calls.find("default action") != std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
