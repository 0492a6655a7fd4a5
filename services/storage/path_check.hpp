/// Which names a storage accepts at all.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// ec::forbidden_path: "path '…' <why>; use one inside the uploads folder".
error forbidden_path(const std::string& name, const std::string& why);

/// Refuses a name that is empty, absolute, contains ".." or a NUL.
status check_path(const std::string& name);

} // namespace darkroom
