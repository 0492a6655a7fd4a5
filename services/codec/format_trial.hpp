/// Tries the codec process on every format it should know.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_client.hpp"

#include <string>
#include <vector>

namespace darkroom {

struct format_trial {
  std::string task;    ///< "reads png", "writes avif"
  std::string problem; ///< empty: it does
};

/// Has a tiny picture read and written in all formats, each by what was written
/// before. Blocks: starts a codec process.
/// @param folder for temporary files; must exist
std::vector<format_trial> try_formats(codec_client& codec,
                                      const std::string& folder);

} // namespace darkroom
