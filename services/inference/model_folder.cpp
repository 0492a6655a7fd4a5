#include "services/inference/model_folder.hpp"

#include "services/process/program_folder.hpp"

#include <filesystem>

namespace darkroom {

namespace fs = std::filesystem;

std::string find_model_folder(const std::string& name,
                              const std::string& file) {
  std::error_code ignored;
  auto here = program_folder();
  for (const auto& models :
       {install_prefix() / "share" / "darkroom" / "models",
        here / ".." / ".." / "deps" / "models", here / "deps" / "models",
        fs::path("/usr/share/darkroom/models")}) {
    auto folder = models / name;
    if (fs::exists(folder / file, ignored))
      return folder.lexically_normal().string();
  }
  return {};
}

} // namespace darkroom
