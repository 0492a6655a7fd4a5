#include "services/imaging/start.hpp"

#include "services/imaging/vips_image.hpp"

#include <malloc.h>
#include <vips/vector.h>

namespace darkroom {

namespace {

constexpr const char* offered[]
  = {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp",
     "VipsForeignLoadNsgif", "VipsForeignLoadHeif"};

// Freed pixels go back to the system at once: glibc would raise its threshold
// and keep them (398 MB after 15 pictures, against 139; 3 % more CPU).
constexpr int mmap_threshold = 1 << 20;

// Pictures are strangers': what libraries think of them is no log line.
GLogWriterOutput drop_log(GLogLevelFlags, const GLogField*, gsize, gpointer) {
  return G_LOG_WRITER_HANDLED;
}

// Without Highway, libvips 8.14's vectors are code that Orc makes at run time.
// The sandbox allows none, and Orc would end the process over it.
bool makes_code() {
#if VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION < 15
  return true;
#else
  return vips_vector_get_builtin_targets() == 0;
#endif
}

} // namespace

status start_imaging() {
  mallopt(M_MMAP_THRESHOLD, mmap_threshold);
  mallopt(M_ARENA_MAX, 2);
  // Pixels that cannot be streamed would go to a temporary file (100 MB and
  // more: an animated WebP), which the sandbox forbids; memory is limited.
  g_setenv("VIPS_DISC_THRESHOLD", "1000g", TRUE);
  g_log_set_writer_func(drop_log, nullptr, nullptr);
  if (VIPS_INIT("darkroom-codec"))
    return vips_failure(ec::internal, "cannot start libvips");
  if (makes_code())
    vips_vector_set_enabled(FALSE);
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (auto loader : offered)
    vips_operation_block_set(loader, FALSE);
  vips_block_untrusted_set(TRUE);
  return ok;
}

} // namespace darkroom
