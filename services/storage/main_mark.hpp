/// What the active main node leaves beside the pictures: a file with an id that
/// is new each time a main node becomes active. A worker that reads the same id
/// sees the same place, and not a copy of it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

struct main_mark {
  std::string name; ///< of the file; clusters that share a place have their own
  std::string id;
};

/// Leaves a new mark. If a bucket's server does not answer, blocks for a second
/// at most, and for a third of `[cluster] lease`: nobody renews that meanwhile.
/// @param cluster what main nodes that follow each other share, and no others
/// @returns ec::storage_failed if nothing can be written there
result<main_mark> leave_main_mark(const settings& config,
                                  const std::string& cluster);

/// Looks whether the mark is still there, and writes it again if its file holds
/// something else or is gone. Blocks for up to two seconds.
/// @returns whether it was written; ec::storage_failed if it cannot be
result<bool> keep_main_mark(const storage_settings& storage,
                            const main_mark& mark);

/// The id in the file of this name; empty if there is none. Blocks for up to a
/// second if a bucket's server does not answer.
/// @returns ec::storage_failed if it cannot be read or holds something else
result<std::string> read_main_mark(const storage_settings& storage,
                                   const std::string& name);

} // namespace darkroom
