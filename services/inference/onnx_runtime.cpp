#include "services/inference/onnx_runtime.hpp"

#include <dlfcn.h>

#include <utility>

namespace darkroom {

namespace {

constexpr uint32_t interface_version = 1; // has all that onnx_api names

error cannot_load(const std::string& path, const std::string& why) {
  return fail(ec::bad_config, "ONNX Runtime cannot be loaded from '" + path
                                + "': " + why
                                + ": run deploy/fetch-models again");
}

} // namespace

result<std::shared_ptr<const onnx_runtime>>
onnx_runtime::load(const std::string& path) {
  auto* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return cannot_load(path, ::dlerror());
  using base_function = const ort_api_base*();
  auto* base
    = reinterpret_cast<base_function*>(::dlsym(library, "OrtGetApiBase"));
  const auto* table = base == nullptr ? nullptr
                                      : base()->table(interface_version);
  if (table == nullptr)
    return cannot_load(path, "it is another library");
  std::shared_ptr<onnx_runtime> made(new onnx_runtime(onnx_api{table}));
  const auto& api = made->api_;
  auto why = made->first_failure(
    {api.create_env(ort_log_errors, "darkroom", &made->env_),
     api.cpu_memory(ort_arena, ort_default_memory, &made->memory_)});
  if (!why.empty())
    return cannot_load(path, why);
  return std::shared_ptr<const onnx_runtime>(std::move(made));
}

onnx_runtime::~onnx_runtime() {
  if (memory_ != nullptr)
    api_.release_memory(memory_);
  if (env_ != nullptr)
    api_.release_env(env_);
}

std::string
onnx_runtime::first_failure(std::initializer_list<ort_status*> calls) const {
  std::string words;
  for (auto* status : calls) {
    if (status == nullptr)
      continue;
    if (words.empty())
      words = api_.message_of(status);
    if (words.empty())
      words = "it does not say why";
    api_.release_status(status);
  }
  return words;
}

} // namespace darkroom
