/// Tries whether the codec process can read and write every format.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_client.hpp"

#include <string>
#include <vector>

namespace darkroom {

struct format_trial {
  std::string task;    ///< "reads png", "writes avif"
  std::string problem; ///< empty if it works
};

/// Settings of a codec that is to be tried: its variants have all formats that
/// can be written, whatever the node's own variants have.
imaging_settings for_trials(imaging_settings settings);

/// Whether jobs of a node with these settings need it.
bool is_needed(const format_trial& trial, const imaging_settings& settings);

/// Lets the codec write a tiny picture in all formats, and read one of each of
/// `formats`. Blocks, and starts a codec process.
/// @param codec made with `for_trials`
/// @param folder for temporary files; must exist
/// @param formats as [imaging] formats names them
std::vector<format_trial> try_formats(codec_client& codec,
                                      const std::string& folder,
                                      const std::vector<std::string>& formats);

} // namespace darkroom
