/// The models that `deploy/fetch-models` brings.
#pragma once

#include "tests/support/test.hpp"

#include <cstdlib>
#include <string>

namespace darkroom::test {

/// The folder of the local analyser's models; fetches them if they are missing.
inline std::string fetched_models() {
  if (std::system(DARKROOM_SOURCE_DIR "/deploy/fetch-models") != 0)
    CAF_FAIL("deploy/fetch-models failed");
  return DARKROOM_SOURCE_DIR "/deps/models/local-vision";
}

} // namespace darkroom::test
