/// What it means for a job when a file cannot be opened.
#pragma once

#include "messages/error.hpp"

namespace darkroom {

/// The code for an `errno` from looking up, opening or reading a file.
/// @returns ec::not_found   the file may still come
///          ec::bad_input   no picture can have this name: it is too long, a
///                          loop of links, below a file, or names a folder,
///                          socket or device
///          ec::too_large   the file is larger than this system supports
///          ec::storage_failed  all others, which may pass (I/O, stale handle,
///                          permission, too many open files)
ec file_error_code(int number);

} // namespace darkroom
