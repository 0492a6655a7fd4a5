#include "services/inference/onnx_api.hpp"

namespace darkroom {

namespace {

template <class Function>
void take(Function*& into, const void* const* table, size_t place) {
  into = reinterpret_cast<Function*>(const_cast<void*>(table[place]));
}

} // namespace

// Each member is taken below.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
onnx_api::onnx_api(const void* const* table) {
  // The places, as in the struct OrtApi of onnxruntime_c_api.h.
  take(message_of, table, 2);
  take(create_env, table, 3);
  take(create_session, table, 7);
  take(run, table, 9);
  take(create_options, table, 10);
  take(disable_memory_pattern, table, 17);
  take(disable_arena, table, 19);
  take(set_optimization, table, 23);
  take(set_threads, table, 24);
  take(input_count, table, 30);
  take(output_count, table, 31);
  take(input_name, table, 36);
  take(output_name, table, 37);
  take(wrap_tensor, table, 49);
  take(tensor_values, table, 51);
  take(element_type, table, 60);
  take(dimension_count, table, 61);
  take(dimensions, table, 62);
  take(shape_of, table, 65);
  take(cpu_memory, table, 69);
  take(free_by, table, 76);
  take(default_allocator, table, 78);
  take(release_env, table, 92);
  take(release_status, table, 93);
  take(release_memory, table, 94);
  take(release_session, table, 95);
  take(release_value, table, 96);
  take(release_shape, table, 99);
  take(release_options, table, 100);
}

} // namespace darkroom
