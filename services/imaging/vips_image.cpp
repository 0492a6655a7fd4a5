#include "services/imaging/vips_image.hpp"

namespace darkroom {

error vips_failure(ec code, const std::string& what) {
  std::string why = vips_error_buffer();
  vips_error_clear();
  why = why.substr(0, why.find('\n'));
  if (why.find("out of memory") != std::string::npos)
    code = ec::too_large;
  return fail(code, what + ": " + (why.empty() ? "no reason given" : why));
}

} // namespace darkroom
