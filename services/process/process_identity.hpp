/// Identifies a process, so that a later one with the same number is not taken
/// for it.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

struct process_identity {
  std::string machine; ///< this boot of the kernel and its PID namespace
  int64_t pid = 0;
  std::string started; ///< in ticks since the machine booted

  friend bool operator==(const process_identity&, const process_identity&)
    = default;
};

process_identity this_process();

/// The identity of a process of this machine.
process_identity identity_of(int64_t pid);

/// Whether the process has certainly ended. False for a process of another
/// machine, and for one that is only frozen.
bool is_gone(const process_identity& x);

} // namespace darkroom
