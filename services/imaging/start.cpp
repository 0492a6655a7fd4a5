#include "services/imaging/start.hpp"

#include "services/imaging/vips_image.hpp"

namespace darkroom {

namespace {

constexpr const char* offered[]
  = {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp",
     "VipsForeignLoadNsgif", "VipsForeignLoadHeif"};

// Pictures are strangers': what libraries think of them is no log line.
GLogWriterOutput drop_log(GLogLevelFlags, const GLogField*, gsize, gpointer) {
  return G_LOG_WRITER_HANDLED;
}

} // namespace

status start_imaging() {
  g_log_set_writer_func(drop_log, nullptr, nullptr);
  if (VIPS_INIT("darkroom-codec"))
    return vips_failure(ec::internal, "cannot start libvips");
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (auto loader : offered)
    vips_operation_block_set(loader, FALSE);
  vips_block_untrusted_set(TRUE);
  return ok;
}

} // namespace darkroom
