/// Processes a folder of sample pictures and shows what became of them.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <atomic>
#include <string>

namespace darkroom {

/// Copies every picture of `folder` into the uploads folder, adds its two jobs,
/// waits until all images are completed or failed, and prints a table: status,
/// the six variants with their sizes, the description, the embedding's model.
/// Blocks. Pictures that were processed in an earlier run are done again.
/// @param stop ends the wait early
/// @returns whether all images were completed; or why nothing could be done
result<bool> run_samples(const settings& config, const std::string& folder,
                         const std::atomic<bool>& stop);

} // namespace darkroom
