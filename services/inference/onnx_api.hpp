/// The few functions of ONNX Runtime's C interface that Darkroom calls.
/// No package that can be had ships its header, so that they are declared here.
/// `OrtGetApiBase()->GetApi(1)` gives a table of functions; a place in it never
/// changes (ONNX Runtime only appends), and all of these exist since version 1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom {

// Types that only ONNX Runtime looks into.
struct ort_status;
struct ort_env;
struct ort_session;
struct ort_session_options;
struct ort_run_options;
struct ort_memory_info;
struct ort_allocator;
struct ort_value;
struct ort_shape;

/// What the library exports as `OrtGetApiBase`.
struct ort_api_base {
  const void* const* (*table)(uint32_t version);
  const char* (*version)();
};

constexpr int ort_log_errors = 3;    ///< quieter than its default, warnings
constexpr int ort_all_rewrites = 99; ///< of the graph, when it is loaded
constexpr int ort_float = 1;         ///< type of an element: float32
constexpr int ort_arena = 1;         ///< allocator that keeps what it freed
constexpr int ort_default_memory = 0;

/// Functions return null, or a status that the caller releases, unless they
/// return nothing.
struct onnx_api {
  /// @param table what `ort_api_base::table` returned
  explicit onnx_api(const void* const* table);

  const char* (*message_of)(const ort_status*);
  ort_status* (*create_env)(int level, const char* name, ort_env**);
  ort_status* (*create_session)(const ort_env*, const char* path,
                                const ort_session_options*, ort_session**);
  ort_status* (*run)(ort_session*, const ort_run_options*,
                     const char* const* input_names, const ort_value* const*,
                     size_t inputs, const char* const* output_names,
                     size_t outputs, ort_value**);
  ort_status* (*create_options)(ort_session_options**);
  ort_status* (*disable_memory_pattern)(ort_session_options*);
  ort_status* (*disable_arena)(ort_session_options*);
  ort_status* (*set_optimization)(ort_session_options*, int level);
  ort_status* (*set_threads)(ort_session_options*, int count);
  ort_status* (*input_count)(const ort_session*, size_t*);
  ort_status* (*output_count)(const ort_session*, size_t*);
  ort_status* (*input_name)(const ort_session*, size_t, ort_allocator*, char**);
  ort_status* (*output_name)(const ort_session*, size_t, ort_allocator*,
                             char**);
  ort_status* (*wrap_tensor)(const ort_memory_info*, void* values, size_t bytes,
                             const int64_t* shape, size_t dimensions, int type,
                             ort_value**);
  ort_status* (*tensor_values)(ort_value*, void**);
  ort_status* (*element_type)(const ort_shape*, int*);
  ort_status* (*dimension_count)(const ort_shape*, size_t*);
  ort_status* (*dimensions)(const ort_shape*, int64_t*, size_t count);
  ort_status* (*shape_of)(const ort_value*, ort_shape**);
  ort_status* (*cpu_memory)(int allocator, int memory, ort_memory_info**);
  ort_status* (*free_by)(ort_allocator*, void*);
  ort_status* (*default_allocator)(ort_allocator**);
  void (*release_env)(ort_env*);
  void (*release_status)(ort_status*);
  void (*release_memory)(ort_memory_info*);
  void (*release_session)(ort_session*);
  void (*release_value)(ort_value*);
  void (*release_shape)(ort_shape*);
  void (*release_options)(ort_session_options*);
};

} // namespace darkroom
