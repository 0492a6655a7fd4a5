/// Rows and vectors whose image does not exist.
#pragma once

#include "services/fsck/drift_check.hpp"
#include "services/fsck/fsck_stores.hpp"

#include <string>

namespace darkroom {

/// Adds the orphans with ids behind `after` up to `until`, or to the end if
/// that is empty.
/// @param stores must outlive the suspects
status find_orphans(fsck_stores& stores, const std::string& after,
                    const std::string& until, const fsck_look& at,
                    suspects& out);

} // namespace darkroom
