/// Remembers for some minutes what took long to find out, so that a node that
/// is killed and started again joins at once.
#pragma once

#include <optional>
#include <string>

namespace darkroom {

/// A small file of this user's, named by a hash of the question. If it goes,
/// the answer is found again.
class trial_memory {
public:
  /// @param trial the question: all that its answer depends on, but for what
  ///   hardly changes within ten minutes
  /// @param folder for temporary files; empty: the system's. Without one,
  ///   nothing is kept
  explicit trial_memory(const std::string& trial, std::string folder = {});

  /// The answer, if one was kept within the last ten minutes. What others put
  /// there, or a link, does not count.
  std::optional<std::string> get() const;

  /// A failure is not told: then the answer is found again.
  /// @param answer one line of at most 500 bytes
  void keep(const std::string& answer) const;

private:
  std::string path_;
};

/// What tells that a file is the same as before, for a question: its path,
/// size, inode and last change, also of its rights.
std::string file_state(const std::string& path);

} // namespace darkroom
