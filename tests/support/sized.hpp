/// A picture of which only the size counts.
#pragma once

#include "services/codec/picture.hpp"

#include <cstdint>

namespace darkroom::test {

inline picture_facts sized(uint32_t width, uint32_t height) {
  picture_facts out;
  out.width = width;
  out.height = height;
  return out;
}

} // namespace darkroom::test
