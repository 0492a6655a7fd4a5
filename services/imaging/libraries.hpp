/// Which libraries decode and encode.
#pragma once

#include <string>

namespace darkroom {

/// The file names of the loaded libraries that decide the bytes of a variant,
/// with their versions and sizes: "libaom.so.3.6.0:5510784 …". The first call
/// looks at the file system, so make it before enter_sandbox().
const std::string& library_versions();

} // namespace darkroom
