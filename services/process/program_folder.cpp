#include "services/process/program_folder.hpp"

namespace darkroom {

std::filesystem::path program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

std::filesystem::path install_prefix() {
  return program_folder().parent_path();
}

} // namespace darkroom
