/// The name in a colour profile, which our own code looks for.
#include "services/imaging/icc_name.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto name = darkroom::icc_name({reinterpret_cast<const char*>(data), size});
  for (auto c : name)
    if (c < ' ' || c > '~')
      std::abort();
  if (name.size() > 100)
    std::abort();
  return 0;
}
