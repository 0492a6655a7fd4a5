#include "services/vision/local_models.hpp"

#include "config/words.hpp"
#include "services/inference/model_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

constexpr const char* library_file = "libonnxruntime.so.1";
constexpr const char* objects_file = "objects.onnx";
constexpr const char* faces_file = "faces.onnx";
constexpr const char* areas_file = "text-areas.onnx";
constexpr const char* lines_file = "text-lines.onnx";
constexpr const char* characters_file = "text-characters.txt";
constexpr size_t most_characters = 100000;

bool has(const std::string& folder, const char* file) {
  std::error_code ignored;
  return fs::exists(fs::path(folder) / file, ignored);
}

/// One character per line. The model's last output stands for a space.
result<std::vector<std::string>> read_characters(const std::string& path) {
  std::vector<std::string> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    out.push_back(line);
    if (out.size() > most_characters)
      break;
  }
  if (out.empty() || out.size() > most_characters)
    return fail(ec::bad_config, "'" + path
                                  + "' is no list of characters: run "
                                    "deploy/fetch-models again");
  out.emplace_back(" ");
  return out;
}

} // namespace

std::string model_folder_of(const std::string& named) {
  return named.empty() ? find_model_folder("local-vision", library_file)
                       : named;
}

const std::vector<std::string>& all_parts() {
  static const std::vector<std::string> parts{"objects", "faces", "text"};
  return parts;
}

std::vector<std::string> parts_in(const std::string& folder) {
  std::vector<std::string> parts;
  if (folder.empty() || !has(folder, library_file))
    return parts;
  if (has(folder, objects_file))
    parts.emplace_back("objects");
  if (has(folder, objects_file) && has(folder, faces_file))
    parts.emplace_back("faces");
  if (has(folder, areas_file) && has(folder, lines_file)
      && has(folder, characters_file))
    parts.emplace_back("text");
  return parts;
}

std::vector<std::string> parts_of(const local_models& models) {
  std::vector<std::string> parts;
  if (models.objects)
    parts.emplace_back("objects");
  if (models.faces)
    parts.emplace_back("faces");
  if (models.can_read())
    parts.emplace_back("text");
  return parts;
}

std::string name_of_local(const std::vector<std::string>& parts) {
  return parts.empty() ? "local-2" : "local-2 (" + joined(parts) + ")";
}

result<std::shared_ptr<const local_models>>
load_models(const std::string& folder) {
  auto made = std::make_shared<local_models>();
  auto parts = parts_in(folder);
  if (parts.empty())
    return std::shared_ptr<const local_models>(std::move(made));
  auto runtime = onnx_runtime::load(folder + "/" + library_file);
  if (!runtime)
    return std::move(runtime.error());
  auto can = [&parts](const char* part) {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  };
  struct wanted {
    const char* part;
    const char* file;
    std::unique_ptr<const onnx_model>* into;
  };
  for (const auto& x : {wanted{"objects", objects_file, &made->objects},
                        wanted{"faces", faces_file, &made->faces},
                        wanted{"text", areas_file, &made->text_areas},
                        wanted{"text", lines_file, &made->text_lines}}) {
    if (!can(x.part))
      continue;
    auto model = onnx_model::load(*runtime, folder + "/" + x.file);
    if (!model)
      return std::move(model.error());
    *x.into = std::move(*model);
  }
  if (can("text")) {
    auto characters = read_characters(folder + "/" + characters_file);
    if (!characters)
      return std::move(characters.error());
    made->characters = std::move(*characters);
  }
  return std::shared_ptr<const local_models>(std::move(made));
}

result<std::shared_ptr<const local_models>> shared_models::get() {
  std::lock_guard guard{mutex_};
  if (!made_) {
    auto folder = model_folder_of(named_);
    std::error_code ignored;
    if (!named_.empty() && !fs::is_directory(folder, ignored))
      return fail(ec::bad_config, "vision.models '" + folder
                                    + "' is no folder: run deploy/fetch-models "
                                      "with it, or correct [vision] models");
    auto made = load_models(folder);
    if (!made)
      return std::move(made.error());
    made_ = std::move(*made);
  }
  return made_;
}

} // namespace darkroom
