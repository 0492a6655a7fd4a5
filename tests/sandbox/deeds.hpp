/// What an intruder in the codec process would try.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace darkroom::test {

/// What there is to be harmed.
struct prey {
  std::string folder; ///< holds `precious` and nothing else
  int file = -1;      ///< `precious`, left open by mistake
  pid_t victim = 0;   ///< a process that sleeps

  std::string precious() const {
    return folder + "/precious";
  }
};

struct deed {
  const char* name;
  /// A system call without the C library's help: < 0 and errno if refused.
  long (*attempt)(const prey&);
  /// Whether root can do it on every machine, which shows that the attempt is a
  /// real one.
  bool works_freely = true;
};

const std::vector<deed>& file_deeds();
const std::vector<deed>& process_deeds();
const std::vector<deed>& kernel_deeds();

} // namespace darkroom::test
