#include "services/codec/variant_plan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace darkroom {

namespace {

// Time per pixel at each AVIF effort, about; WebP at effort 4 takes 1. Efforts
// 1, 3 and 4 were measured. Orders the files and weighs progress.
constexpr double avif_costs[] = {2, 3, 5, 6, 30, 30, 60, 60, 60, 60};

encode_order order_of(picture_format format, uint32_t width,
                      const imaging_settings& how, uint32_t avif_effort) {
  encode_order order;
  order.width = width;
  order.height = max_encoded_edge;
  order.format = format;
  auto is_avif = format == picture_format::avif;
  order.quality = is_avif ? how.avif_quality : how.webp_quality;
  order.effort = is_avif ? avif_effort : how.webp_effort;
  return order;
}

double cost_of(const encode_order& order) {
  auto per_pixel = order.format == picture_format::webp
                     ? 1.0
                     : avif_costs[std::min(order.effort, 9u)];
  return per_pixel * order.width * order.width;
}

// The width of a picture whose height was shrunk to what encoders take.
uint32_t width_in_limits(const picture_facts& facts) {
  if (facts.height <= max_encoded_edge)
    return facts.width;
  return static_cast<uint32_t>(uint64_t{facts.width} * max_encoded_edge
                               / facts.height);
}

} // namespace

std::vector<planned_file>
plan_files(const picture_facts& facts, const imaging_settings& how,
           uint32_t avif_effort, const std::vector<picture_format>& formats) {
  std::vector<planned_file> plan;
  auto own_width = width_in_limits(facts);
  for (auto format : formats) {
    std::optional<size_t> unscaled; // serves all widths that are too large
    for (auto [type, width] : variant_sizes) {
      auto is_unscaled = own_width <= width;
      if (is_unscaled && unscaled) {
        plan[*unscaled].types.emplace_back(type);
        continue;
      }
      if (is_unscaled)
        unscaled = plan.size();
      plan.push_back({{type}, order_of(format, width, how, avif_effort), 0});
    }
  }
  double sum = 0;
  for (auto& x : plan)
    sum += x.cost = cost_of(x.order);
  std::sort(plan.begin(), plan.end(),
            [](auto& a, auto& b) { return a.cost > b.cost; });
  for (uint32_t i = 0; i < plan.size(); ++i) {
    plan[i].order.number = i;
    plan[i].cost /= sum;
  }
  return plan;
}

encode_order box_of(const std::vector<planned_file>& plan) {
  encode_order box;
  for (const auto& x : plan) {
    box.width = std::max(box.width, x.order.width);
    box.height = std::max(box.height, x.order.height);
  }
  return box;
}

} // namespace darkroom
