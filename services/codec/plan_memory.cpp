#include "services/codec/plan_memory.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace darkroom {

namespace {

// What an encoder takes per pixel, in bytes. WebP keeps alpha without loss.
uint64_t encoder_bytes(picture_format format, bool has_alpha) {
  switch (format) {
    case picture_format::webp:
      return has_alpha ? 24 : 9;
    case picture_format::avif:
      return has_alpha ? 42 : 37;
    case picture_format::jpeg:
      return 7;
  }
  return 0;
}

uint64_t pixels_of(const planned_file& file) {
  return uint64_t{file.size.width} * file.size.height;
}

} // namespace

uint64_t memory_of(const std::vector<planned_file>& plan,
                   const picture_facts& facts, uint32_t encoders) {
  uint64_t bytes_per_pixel = facts.has_alpha ? 4 : 3;
  uint64_t sum = 0;
  uint64_t largest = 0;
  std::set<std::pair<uint32_t, uint32_t>> sizes;
  std::vector<uint64_t> needs;
  for (const auto& x : plan) {
    if (sizes.emplace(x.size.width, x.size.height).second)
      sum += pixels_of(x) * bytes_per_pixel;
    largest = std::max(largest, pixels_of(x));
    needs.push_back(pixels_of(x)
                    * encoder_bytes(x.order.format, facts.has_alpha));
  }
  // What is cut off a picture that covers its box is decoded, too.
  auto box = box_of(plan);
  auto decoded = std::min<uint64_t>(uint64_t{box.width} * box.height,
                                    uint64_t{facts.width} * facts.height);
  sum += (decoded > largest ? decoded - largest : 0) * bytes_per_pixel;
  std::sort(needs.begin(), needs.end(), std::greater<>{});
  needs.resize(std::min<size_t>(needs.size(), encoders));
  for (auto need : needs)
    sum += need;
  return sum;
}

} // namespace darkroom
