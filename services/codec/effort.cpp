#include "services/codec/effort.hpp"

#include "services/codec/variant_plan.hpp"

#include <algorithm>
#include <chrono>

namespace darkroom {

namespace {

constexpr uint32_t hasty = 1;
constexpr uint32_t usual = 3;
constexpr uint32_t thorough = 4;

// CPU time at effort 4 for all variants, per million pixels of the largest. An
// estimate: pictures took about 10 s each (docs/benchmarks.md).
constexpr double thorough_ms_per_megapixel = 3000;

double megapixels_of_largest(const picture_facts& facts) {
  constexpr double widest = variant_sizes[0].width;
  auto width = std::max<double>(facts.width, 1);
  auto shrunk = std::min(1.0, widest / width);
  return width * facts.height * shrunk * shrunk / 1e6;
}

} // namespace

uint32_t choose_effort(const imaging_settings& how, const picture_facts& facts,
                       uint32_t waiting) {
  if (how.avif_effort)
    return *how.avif_effort;
  if (waiting >= how.deep_backlog)
    return hasty;
  auto time = megapixels_of_largest(facts) * thorough_ms_per_megapixel;
  auto is_small = time <= static_cast<double>(how.effort_time.count());
  return waiting == 0 && is_small ? thorough : usual;
}

} // namespace darkroom
