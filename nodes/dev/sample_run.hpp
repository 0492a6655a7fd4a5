/// Processes a folder of sample pictures and shows the results.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <atomic>
#include <string>

namespace darkroom {

/// Copies every picture of `folder` into the uploads folder, adds its two jobs,
/// waits until all images are completed or failed, and prints a table: status,
/// the six variants with their sizes, the description, the embedding's model.
/// Blocks. Processes pictures of an earlier run again.
/// @param stop ends the wait early
/// @returns whether all images were completed, or why it could not run
result<bool> run_samples(const settings& config, const std::string& folder,
                         const std::atomic<bool>& stop);

} // namespace darkroom
