/// What a file's refusal to be opened means for the job that wants it.
#pragma once

#include "messages/error.hpp"

namespace darkroom {

/// The code of an `errno` of looking up, opening or reading somebody's file.
/// @returns ec::not_found   it may still come
///          ec::bad_input   the name can never be a picture's: too long, a loop
///                          of links, below a file, a folder, socket or device
///          ec::too_large   larger than this system can tell
///          ec::storage_failed  all else: it may pass (I/O, stale handle,
///                          permission, too many open files)
ec file_error_code(int number);

} // namespace darkroom
