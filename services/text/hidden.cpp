#include "services/text/hidden.hpp"

#include <algorithm>
#include <iterator>

namespace darkroom {

namespace {

struct point_range {
  char32_t first;
  char32_t last;
};

constexpr point_range controls[] = {
  {0, 0x1f},        // C0
  {0x7f, 0x9f},     // DEL, C1
  {0x61c, 0x61c},   // a mark of direction
  {0x200e, 0x200f}, // two more
  {0x2028, 0x202e}, // line ends, embeddings
  {0x2066, 0x2069}, // isolates
  {0xd800, 0xdfff}, // surrogates
  {0xfeff, 0xfeff}, // byte order mark
  {0x110000, ~char32_t{0}},
};

constexpr point_range unseen[] = {
  {0xad, 0xad},     {0x180e, 0x180e}, {0x200b, 0x200d},   {0x2060, 0x2065},
  {0x206a, 0x206f}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

template <class Ranges>
bool contains(const Ranges& ranges, char32_t point) {
  return std::any_of(std::begin(ranges), std::end(ranges), [point](auto& x) {
    return point >= x.first && point <= x.last;
  });
}

} // namespace

bool is_control(char32_t point) {
  return contains(controls, point);
}

bool is_hidden(char32_t point) {
  return is_control(point) || contains(unseen, point);
}

} // namespace darkroom
