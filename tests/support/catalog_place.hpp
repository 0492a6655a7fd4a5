/// A place for a new catalog: one type an engine, so that the same cases run on
/// both.
#pragma once

#include "config/settings.hpp"
#include "tests/support/scratch.hpp"

namespace darkroom {

/// A file that is not there yet.
struct sqlite_place {
  scratch_folder folder;
  catalog_settings settings{folder.file("darkroom.db")};
};

} // namespace darkroom
