/// main() of the unit tests.
#include <caf/test/unit_test_impl.hpp>

#ifdef __SANITIZE_ADDRESS__
// ONNX Runtime keeps 470 bytes when it is unloaded.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libonnxruntime";
}
#endif
