/// Which process on which machine, told apart from a later one with its number.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

struct process_identity {
  std::string machine; ///< this run of the kernel and its space of numbers
  int64_t pid = 0;
  std::string started; ///< in ticks since the machine's start

  friend bool operator==(const process_identity&, const process_identity&)
    = default;
};

process_identity this_process();

/// Of a process of this machine.
process_identity identity_of(int64_t pid);

/// Whether the process certainly runs no more. One of another machine, and one
/// that is only frozen, may run.
bool is_gone(const process_identity& x);

} // namespace darkroom
