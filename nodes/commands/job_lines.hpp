/// The lines of a file that is read twice.
#pragma once

#include "messages/result.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace darkroom {

/// Reads a regular file in place. Copies an input that can be read only once (a
/// pipe, standard input) into a temporary file first, which has no name and
/// ends with the process.
class job_lines {
public:
  /// @param name name of a file; "-" for standard input
  static result<job_lines> open(const std::string& name);

  /// Goes back to the first line.
  status rewind();

  /// The next line without its end. @returns false at the end, or if a read
  /// fails: see `failure`
  bool next(std::string& line);

  /// Why the last read failed; ok at the end of the file.
  status failure() const;

private:
  struct file_closer {
    void operator()(std::FILE* file) const;
  };
  using file = std::unique_ptr<std::FILE, file_closer>;

  job_lines(file opened, std::string name);
  static result<file> copied(std::FILE* from, const std::string& name);

  file file_;
  std::string name_;
};

} // namespace darkroom
