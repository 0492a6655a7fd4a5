#define CAF_SUITE process_identity

#include "services/process/process_identity.hpp"
#include "tests/support/test.hpp"

#include <sys/wait.h>
#include <unistd.h>

using namespace darkroom;

CAF_TEST(this process runs) {
  auto self = this_process();
  CAF_CHECK_EQUAL(self.pid, getpid());
  CAF_CHECK(!self.started.empty());
  CAF_CHECK(!is_gone(self));
}

CAF_TEST(a process that ended is gone before anybody waited for it) {
  auto child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  auto its = identity_of(child);
  CAF_CHECK(!is_gone(its));
  kill(child, SIGKILL);
  siginfo_t info;
  waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
  CAF_CHECK(is_gone(its));
  waitpid(child, nullptr, 0);
  CAF_CHECK(is_gone(its));
}

CAF_TEST(another process with the same number is another one) {
  auto self = this_process();
  self.started = "1";
  CAF_CHECK(is_gone(self));
}

CAF_TEST(nobody knows of another machine or of nothing) {
  auto self = this_process();
  self.machine = "elsewhere";
  self.started = "1";
  CAF_CHECK(!is_gone(self));
  CAF_CHECK(!is_gone({}));
}
