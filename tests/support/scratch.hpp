/// Files for tests.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace darkroom::test {

/// A folder of its own, removed at the end.
class scratch_folder {
public:
  scratch_folder() {
    auto name = std::filesystem::temp_directory_path() / "darkroom-test-XXXXXX";
    path_ = name;
    if (!mkdtemp(path_.data()))
      std::abort();
  }

  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::string& path() const {
    return path_;
  }

  /// The path of a file in it.
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }
  std::string file(const std::string& name) const {
    return *this / name;
  }

private:
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

} // namespace darkroom::test

namespace darkroom {
using test::scratch_folder;
} // namespace darkroom
