#include "services/embedding/tfjs_weights.hpp"

#include <nlohmann/json.hpp>

#include <cstring>
#include <fstream>

namespace darkroom {

namespace {

using nlohmann::json;

error broken(const std::string& folder, const std::string& why) {
  return fail(ec::bad_config, "model weights in '" + folder + "' " + why
                                + ": run deploy/fetch-models again");
}

/// Bytes per element; 0 for types that a float model does not have.
size_t bytes_of(const std::string& type) {
  return type == "float32" || type == "int32" ? 4 : type == "bool" ? 1 : 0;
}

result<std::string> read_shards(const std::string& folder, const json& names) {
  std::string bytes;
  for (auto& name : names) {
    auto path = folder + "/" + name.get<std::string>();
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
      return broken(folder, "lack " + name.get<std::string>());
    auto size = static_cast<size_t>(file.tellg());
    auto before = bytes.size();
    bytes.resize(before + size);
    file.seekg(0);
    file.read(bytes.data() + before, static_cast<std::streamsize>(size));
    if (!file)
      return broken(folder, "have an unreadable " + name.get<std::string>());
  }
  return bytes;
}

} // namespace

result<tfjs_weights> tfjs_weights::load(const std::string& folder) try {
  std::ifstream file(folder + "/model.json");
  if (!file)
    return broken(folder, "have no model.json");
  auto model = json::parse(file);
  auto& group = model.at("weightsManifest").at(0);
  auto bytes = read_shards(folder, group.at("paths"));
  if (!bytes)
    return std::move(bytes.error());
  tfjs_weights made;
  made.folder_ = folder;
  size_t at = 0; // in bytes
  for (auto& entry : group.at("weights")) {
    auto type = entry.at("dtype").get<std::string>();
    if (entry.contains("quantization") || bytes_of(type) == 0)
      return broken(folder, "are of type " + type + ", not float32");
    tensor x;
    x.name = entry.at("name").get<std::string>();
    x.size = 1;
    for (auto& extent : entry.at("shape")) {
      x.columns = extent.get<Eigen::Index>();
      x.size *= static_cast<size_t>(x.columns);
    }
    auto length = x.size * bytes_of(type);
    if (at + length > bytes->size())
      return broken(folder, "are cut short");
    if (type == "float32") {
      x.offset = made.floats_.size();
      made.floats_.resize(x.offset + x.size);
      std::memcpy(made.floats_.data() + x.offset, bytes->data() + at, length);
      made.tensors_.push_back(std::move(x));
    }
    at += length;
  }
  return made;
} catch (const json::exception& why) {
  return broken(folder, std::string("are malformed (") + why.what() + ")");
}

result<weight_matrix> tfjs_weights::find(const std::string& piece,
                                         Eigen::Index rows,
                                         Eigen::Index columns) const {
  const tensor* found = nullptr;
  for (auto& x : tensors_) {
    if (x.name.find(piece) == std::string::npos)
      continue;
    if (found)
      return broken(folder_, "have more than one tensor '" + piece + "'");
    found = &x;
  }
  if (!found)
    return broken(folder_, "have no tensor '" + piece + "'");
  if (found->columns != columns
      || found->size != static_cast<size_t>(rows * columns))
    return broken(folder_, "have a tensor '" + piece + "' of another shape");
  return weight_matrix(Eigen::Map<const weight_matrix>(
    floats_.data() + found->offset, rows, columns));
}

} // namespace darkroom
