/// Looks at the structure of a TIFF, before libtiff does.
#pragma once

#include <cstdint>
#include <string_view>

namespace darkroom {

/// Scanners make TIFFs of a few hundred pages; we use the first.
inline constexpr uint32_t max_tiff_pages = 10000;

struct tiff_structure {
  /// Directories in the chain; max_tiff_pages + 1 if there are more, or the
  /// chain is a loop.
  uint32_t pages = 0;
  /// The first directory, or pixels that it names, are beyond the file's end.
  bool ends_early = false;
  /// A strip or tile begins beyond the end. libtiff shows some of them as
  /// black.
  bool lacks_pixels = false;
  /// Channels of the first page, as its directory says.
  uint64_t channels = 1;
};

/// Walks the directories of a TIFF or BigTIFF; decodes nothing.
/// @param bytes begin as a TIFF does
tiff_structure look_at_tiff(std::string_view bytes);

} // namespace darkroom
