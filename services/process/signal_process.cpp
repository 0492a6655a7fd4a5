#include "services/process/signal_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

namespace darkroom {

namespace {

/// Closes a descriptor at the end of its scope.
class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const {
    return fd_;
  }

private:
  int fd_;
};

int send(int process, int signal) {
  return static_cast<int>(
    ::syscall(SYS_pidfd_send_signal, process, signal, nullptr, 0));
}

std::string name_of(const process_identity& x) {
  return "process " + std::to_string(x.pid);
}

error refused(const process_identity& whom) {
  if (errno == ESRCH)
    return fail(ec::not_found, name_of(whom) + " is not running any more");
  return fail(ec::conflict, "cannot signal " + name_of(whom) + ": "
                              + std::strerror(errno)
                              + "; run this as its user");
}

/// A handle of the process. Unlike the number, it never refers to another one.
result<descriptor> open_process(const process_identity& whom) {
  if (whom.pid <= 1 || whom.machine != this_process().machine)
    return fail(ec::not_found, name_of(whom)
                                 + " is not on this machine, or in another "
                                   "space of process numbers");
  descriptor out{static_cast<int>(
    ::syscall(SYS_pidfd_open, static_cast<pid_t>(whom.pid), 0))};
  if (out.get() < 0)
    return refused(whom);
  // The identity is checked after the handle is open, so it cannot change.
  if (identity_of(whom.pid) != whom)
    return fail(ec::not_found, name_of(whom) + " is not running any more");
  if (send(out.get(), 0) != 0)
    return refused(whom);
  return out;
}

/// All that the child process does. Its parent has threads, so it may only make
/// system calls.
[[noreturn]] void guard(int process, int hold, int milliseconds) {
  ::setsid(); // keeps the terminal's Ctrl-C from the child
  // Closes our output, so that whoever waits for its end does not wait for the
  // child.
  auto high = ::fcntl(process, F_DUPFD, 10);
  ::dup2(hold, 1);
  ::dup2(high, 0);
  ::syscall(SYS_close_range, 2U, ~0U, 0);
  send(0, SIGSTOP);
  pollfd end{1, POLLIN, 0};
  while (::poll(&end, 1, milliseconds) < 0 && errno == EINTR) {
    // interrupted: read again
  }
  send(0, SIGCONT);
  ::_exit(0);
}

} // namespace

status may_signal(const process_identity& whom) {
  auto process = open_process(whom);
  if (!process)
    return std::move(process.error());
  return ok;
}

status kill_process(const process_identity& whom) {
  auto process = open_process(whom);
  if (!process)
    return std::move(process.error());
  if (send(process->get(), SIGKILL) != 0)
    return refused(whom);
  return ok;
}

result<frozen_process>
frozen_process::freeze(const process_identity& whom,
                       std::chrono::milliseconds duration) {
  auto process = open_process(whom);
  if (!process)
    return std::move(process.error());
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ec::internal, std::string{"cannot freeze a process: no pipe: "}
                                + std::strerror(errno));
  descriptor hold{ends[0]};
  auto child = ::fork();
  if (child == 0)
    guard(process->get(), hold.get(), static_cast<int>(duration.count()));
  if (child < 0) {
    ::close(ends[1]);
    return fail(ec::internal,
                std::string{"cannot freeze a process: no child process: "}
                  + std::strerror(errno));
  }
  return frozen_process{child, ends[1]};
}

frozen_process::frozen_process(frozen_process&& other) noexcept
  : guard_(std::exchange(other.guard_, -1)),
    hold_(std::exchange(other.hold_, -1)) {}

frozen_process& frozen_process::operator=(frozen_process&& other) noexcept {
  std::swap(guard_, other.guard_);
  std::swap(hold_, other.hold_);
  return *this;
}

frozen_process::~frozen_process() {
  thaw();
}

void frozen_process::thaw() {
  if (guard_ < 0)
    return;
  ::close(std::exchange(hold_, -1));
  while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
    // interrupted: wait again
  }
  guard_ = -1;
}

} // namespace darkroom
