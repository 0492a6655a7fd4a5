/// How often a node's codec processes were replaced between two pictures.
#pragma once

#include <atomic>
#include <cstdint>

namespace darkroom {

struct codec_tally {
  std::atomic<uint64_t> by_pictures = 0; ///< [imaging] codec_pictures
  std::atomic<uint64_t> by_memory = 0;   ///< [imaging] codec_resident_bytes
};

} // namespace darkroom
