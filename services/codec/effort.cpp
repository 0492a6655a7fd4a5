#include "services/codec/effort.hpp"

#include "services/codec/variant_plan.hpp"

#include <chrono>

namespace darkroom {

namespace {

constexpr uint32_t hasty = 1;
constexpr uint32_t thorough = 4;

// CPU time at effort 4 per million pixels of all AVIFs of a picture, as
// docs/benchmarks.md has it.
constexpr double thorough_ms_per_megapixel = 3500;

double avif_megapixels(const picture_facts& facts,
                       const imaging_settings& how) {
  double sum = 0;
  for (const auto& x : plan_files(facts, how, thorough))
    if (x.order.format == picture_format::avif)
      sum += static_cast<double>(x.size.width) * x.size.height / 1e6;
  return sum;
}

} // namespace

uint32_t choose_effort(const imaging_settings& how, const picture_facts& facts,
                       uint32_t waiting) {
  if (how.avif_effort)
    return *how.avif_effort;
  if (waiting >= how.deep_backlog)
    return hasty;
  auto time = avif_megapixels(facts, how) * thorough_ms_per_megapixel;
  auto is_small = time <= static_cast<double>(how.effort_time.count());
  return waiting == 0 && is_small ? thorough : usual_effort;
}

} // namespace darkroom
