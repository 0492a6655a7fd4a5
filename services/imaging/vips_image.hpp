/// libvips' images as values. Only files in this folder may include this
/// header.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <vips/vips.h>

#include <memory>
#include <string>

namespace darkroom {

struct unref_image {
  void operator()(VipsImage* image) const {
    g_object_unref(image);
  }
};

/// Owns one reference.
using image = std::unique_ptr<VipsImage, unref_image>;

/// The latest complaint of libvips, in one line; clears its error buffer.
/// @returns `code` and "`what`: <complaint>", or ec::too_large if libvips ran
///   out of memory.
error vips_failure(ec code, const std::string& what);

/// At which flaws a loader must fail, by [imaging] strictness.
VipsFailOn fail_on_of(const imaging_settings& how);

inline uint32_t width_of(const image& from) {
  return static_cast<uint32_t>(vips_image_get_width(from.get()));
}

inline uint32_t height_of(const image& from) {
  return static_cast<uint32_t>(vips_image_get_height(from.get()));
}

} // namespace darkroom
