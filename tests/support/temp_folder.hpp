/// A folder of a test's own, removed at its end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace darkroom::test {

/// Distinct for each object, also when the tests run twice at once.
class temp_folder {
public:
  temp_folder() {
    auto name = (std::filesystem::temp_directory_path() / "darkroom-XXXXXX");
    path_ = name.string();
    if (!::mkdtemp(path_.data()))
      throw std::filesystem::filesystem_error{"mkdtemp", path_, {}};
  }
  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;
  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(const std::string& name) const {
    return path_ + '/' + name;
  }

  bool is_empty() const {
    return std::filesystem::is_empty(path_);
  }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream{*this / name, std::ios::binary} << content;
    return *this / name;
  }

  std::string read(const std::string& name) const {
    std::ifstream in{*this / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

private:
  std::string path_;
};

} // namespace darkroom::test
