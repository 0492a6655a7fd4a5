#include "services/imaging/start.hpp"

#include "services/imaging/vips_image.hpp"

#include <malloc.h>
#include <vips/vector.h>

namespace darkroom {

namespace {

constexpr const char* offered[]
  = {"VipsForeignLoadJpeg",  "VipsForeignLoadPng",  "VipsForeignLoadWebp",
     "VipsForeignLoadNsgif", "VipsForeignLoadHeif", "VipsForeignLoadTiff",
     "VipsForeignLoadJxl"};

// Strangers sent the pictures, so what libraries say about them is not logged.
GLogWriterOutput drop_log(GLogLevelFlags, const GLogField*, gsize, gpointer) {
  return G_LOG_WRITER_HANDLED;
}

// Without Highway, Orc generates machine code for libvips 8.14's vector
// operations at run time. The sandbox forbids that, and Orc would end the
// process.
bool makes_code() {
#if VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION < 15
  return true;
#else
  return vips_vector_get_builtin_targets() == 0;
#endif
}

} // namespace

status start_imaging() {
  // malloc_trim() gives back the end of the main arena only. With a second one,
  // a process kept 17 to 64 MB after the same pictures, now 18.
  mallopt(M_ARENA_MAX, 1);
  // libvips writes pixels that cannot be streamed to a temporary file if they
  // are large (100 MB and more: an animated WebP). The sandbox forbids files,
  // so they stay in memory, which is limited.
  g_setenv("VIPS_DISC_THRESHOLD", "1000g", TRUE);
  g_log_set_writer_func(drop_log, nullptr, nullptr);
  if (VIPS_INIT("darkroom-codec"))
    return vips_failure(ec::internal, "cannot start libvips");
  if (makes_code())
    vips_vector_set_enabled(FALSE);
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  vips_block_untrusted_set(TRUE);
  for (auto loader : offered)
    vips_operation_block_set(loader, FALSE);
  return ok;
}

} // namespace darkroom
