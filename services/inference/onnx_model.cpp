#include "services/inference/onnx_runtime.hpp"

#include <filesystem>
#include <functional>
#include <numeric>
#include <utility>

namespace darkroom {

namespace {

constexpr size_t most_words = 300; // bytes of an error that are shown

/// A value of ONNX Runtime that is released at the end of its scope.
template <class T>
class owned {
public:
  explicit owned(void (*release)(T*)) : release_(release) {}
  ~owned() {
    if (held != nullptr)
      release_(held);
  }
  owned(owned&& from) noexcept
    : held(std::exchange(from.held, nullptr)),
      release_(from.release_) {}
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;

  T* held = nullptr;

private:
  void (*release_)(T*);
};

/// Copies an output. @returns why it cannot
std::string copy(const onnx_runtime& runtime, ort_value* from, tensor& to) {
  const auto& api = runtime.api();
  owned<ort_shape> shape(api.release_shape);
  int type = 0;
  size_t dimensions = 0;
  void* values = nullptr;
  auto why = runtime.first_failure(
    {api.shape_of(from, &shape.held), api.tensor_values(from, &values)});
  if (why.empty())
    why = runtime.first_failure({api.element_type(shape.held, &type),
                                 api.dimension_count(shape.held, &dimensions)});
  if (!why.empty())
    return why;
  if (type != ort_float)
    return "an output is not of floats";
  to.shape.resize(dimensions);
  why = runtime.first_failure(
    {api.dimensions(shape.held, to.shape.data(), dimensions)});
  if (!why.empty())
    return why;
  auto count = std::accumulate(to.shape.begin(), to.shape.end(), int64_t{1},
                               std::multiplies<>());
  const auto* first = static_cast<const float*>(values);
  to.values.assign(first, first + count);
  return {};
}

} // namespace

result<std::unique_ptr<const onnx_model>>
onnx_model::load(std::shared_ptr<const onnx_runtime> runtime,
                 const std::string& path) {
  std::unique_ptr<onnx_model> made(new onnx_model(std::move(runtime), path));
  auto why = made->open();
  if (why.empty())
    why = made->read_names();
  if (!why.empty())
    return fail(ec::bad_config, "the model '" + path + "' cannot be used: "
                                  + why.substr(0, most_words)
                                  + ": run deploy/fetch-models again");
  return std::unique_ptr<const onnx_model>(std::move(made));
}

onnx_model::~onnx_model() {
  if (session_ != nullptr)
    runtime_->api().release_session(session_);
}

std::string onnx_model::open() {
  const auto& api = runtime_->api();
  owned<ort_session_options> options(api.release_options);
  auto why = runtime_->first_failure({api.create_options(&options.held)});
  if (!why.empty())
    return why;
  // Processors are the threads. The arena and the patterns keep the memory of
  // the largest picture for ever, and save 2 % of the time.
  return runtime_->first_failure(
    {api.set_threads(options.held, 1),
     api.set_optimization(options.held, ort_all_rewrites),
     api.disable_memory_pattern(options.held), api.disable_arena(options.held),
     api.create_session(runtime_->env_, path_.c_str(), options.held,
                        &session_)});
}

std::string onnx_model::read_names() {
  const auto& api = runtime_->api();
  ort_allocator* memory = nullptr;
  size_t inputs = 0, outputs = 0;
  auto why = runtime_->first_failure({api.default_allocator(&memory),
                                      api.input_count(session_, &inputs),
                                      api.output_count(session_, &outputs)});
  if (!why.empty())
    return why;
  if (inputs != 1 || outputs == 0)
    return "it has " + std::to_string(inputs) + " inputs and "
           + std::to_string(outputs) + " outputs";
  outputs_.resize(outputs);
  for (size_t i = 0; i <= outputs; ++i) {
    char* name = nullptr;
    auto* status = i == outputs ? api.input_name(session_, 0, memory, &name)
                                : api.output_name(session_, i, memory, &name);
    why = runtime_->first_failure({status});
    if (!why.empty())
      return why;
    (i == outputs ? input_ : outputs_[i]) = name;
    runtime_->first_failure({api.free_by(memory, name)});
  }
  return {};
}

result<std::vector<tensor>> onnx_model::run(const tensor& input) const {
  const auto& api = runtime_->api();
  auto failed = [this](const std::string& why) {
    return fail(ec::internal,
                "the model '" + std::filesystem::path(path_).filename().string()
                  + "' failed: " + why.substr(0, most_words));
  };
  owned<ort_value> given(api.release_value);
  auto* values = const_cast<float*>(input.values.data()); // is only read
  auto why = runtime_->first_failure({api.wrap_tensor(
    runtime_->memory_, values, input.values.size() * sizeof(float),
    input.shape.data(), input.shape.size(), ort_float, &given.held)});
  if (!why.empty())
    return failed(why);
  std::vector<const char*> names;
  for (const auto& name : outputs_)
    names.push_back(name.c_str());
  std::vector<ort_value*> made(names.size(), nullptr);
  const auto* input_name = input_.c_str();
  why = runtime_->first_failure(
    {api.run(session_, nullptr, &input_name, &given.held, 1, names.data(),
             names.size(), made.data())});
  std::vector<tensor> out(made.size());
  for (size_t i = 0; i < made.size(); ++i) {
    owned<ort_value> value(api.release_value);
    value.held = made[i];
    if (why.empty())
      why = copy(*runtime_, value.held, out[i]);
  }
  if (!why.empty())
    return failed(why);
  return out;
}

} // namespace darkroom
