#include "tests/support/scratch.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace darkroom::test {

scratch_folder::scratch_folder() {
  path_ = std::filesystem::temp_directory_path() / "darkroom-test-XXXXXX";
  if (!::mkdtemp(path_.data()))
    throw std::filesystem::filesystem_error{"mkdtemp", path_, {}};
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string scratch_folder::read(const std::string& name) const {
  return read_file(*this / name);
}

void scratch_folder::write(const std::string& name,
                           const std::string& bytes) const {
  write_file(*this / name, bytes);
}

bool scratch_folder::is_empty() const {
  return std::filesystem::is_empty(path_);
}

std::string read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

} // namespace darkroom::test
