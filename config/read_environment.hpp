/// What environment variables say about settings.
#pragma once

#include "config/assignment.hpp"
#include "messages/result.hpp"

#include <set>
#include <string>
#include <vector>

namespace darkroom {

/// The assignments that were found; later ones win.
struct environment_layer {
  std::vector<assignment> assignments;
  /// One sentence per DARKROOM_ variable whose name is not a setting.
  std::vector<std::string> warnings;
};

/// This process's variables.
environment capture_environment();

/// Reads the variables that name settings. An empty variable counts as not
/// set. From weak to strong:
/// 1. OPENAI_API_KEY (and OPENAI_BASE_URL) for embeddings, if neither
///    OPENROUTER_API_KEY nor anything else sets `embedding.api_key`. Address
///    and model then become OpenAI's unless they are set.
/// 2. the familiar names: REDIS_HOST, PORT, LOG_LEVEL, OPENAI_API_KEY, …
/// 3. REDIS_URL, for the parts it names
/// 4. DARKROOM_<SECTION>_<KEY>
/// @param set_elsewhere keys that the file or the flags set
/// @returns ec::bad_config if REDIS_URL is malformed.
result<environment_layer>
read_environment(const environment& variables,
                 const std::set<std::string>& set_elsewhere);

} // namespace darkroom
