/// Files for tests.
#pragma once

#include <string>

namespace darkroom::test {

/// A new folder, removed at the end; each process has different ones.
class scratch_folder {
public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::string& path() const {
    return path_;
  }

  /// The path of a file in the folder.
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }
  std::string file(const std::string& name) const {
    return *this / name;
  }

  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& bytes) const;
  bool is_empty() const;

private:
  std::string path_;
};

std::string read_file(const std::string& path);

void write_file(const std::string& path, const std::string& bytes);

} // namespace darkroom::test

namespace darkroom {
using test::scratch_folder;
} // namespace darkroom
