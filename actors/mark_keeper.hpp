/// Has the active main node look at the mark that it left beside the pictures.
#pragma once

#include "messages/result.hpp"

#include <caf/fwd.hpp>

#include <functional>

namespace darkroom {

/// Makes the function to call when a worker does not find the mark: then either
/// it sees a copy, or the mark was overwritten or removed, by a main node that
/// was active before or by a person. The function does not block and may be
/// called by any thread: a detached actor of `system` looks, one at a time.
/// @param keep writes the mark again if need be, and tells whether it did; see
///   `keep_main_mark`
std::function<void()> mark_keeper(caf::actor_system& system,
                                  std::function<result<bool>()> keep);

} // namespace darkroom
