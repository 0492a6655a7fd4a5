#include "services/codec/variant_plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace darkroom {

namespace {

// Time per pixel at each AVIF effort, about; WebP at effort 4 takes 1, and JPEG
// less. Efforts 1, 3 and 4 were measured. Orders the files and weighs progress.
constexpr double avif_costs[] = {2, 3, 5, 6, 30, 30, 60, 60, 60, 60};

uint32_t scaled(uint32_t length, double scale) {
  return static_cast<uint32_t>(std::max(1.0, std::round(length * scale)));
}

// The whole picture, as large as the box allows. A box that bounds one edge
// leaves the other one a pixel, because the codec may round up.
planned_file fit_inside(const picture_facts& facts, uint32_t width,
                        uint32_t height) {
  planned_file out;
  out.order.width = width;
  out.order.height = height;
  auto by_width = static_cast<double>(width) / facts.width;
  auto by_height = static_cast<double>(height) / facts.height;
  auto scale = std::min({1.0, by_width, by_height});
  out.size = {scaled(facts.width, scale), scaled(facts.height, scale)};
  out.decoded = out.size;
  if (scale < 1)
    ++(by_width <= by_height ? out.decoded.height : out.decoded.width);
  return out;
}

// The middle of the picture, in the shape of the box.
planned_file fill_box(const picture_facts& facts, uint32_t width,
                      uint32_t height) {
  planned_file out;
  auto shrink = std::min({1.0, static_cast<double>(facts.width) / width,
                          static_cast<double>(facts.height) / height});
  out.size = {scaled(width, shrink), scaled(height, shrink)};
  out.order.width = out.size.width;
  out.order.height = out.size.height;
  out.order.fit = picture_fit::cover;
  auto scale = std::min(
    1.0, std::max(static_cast<double>(out.size.width) / facts.width,
                  static_cast<double>(out.size.height) / facts.height));
  out.decoded = {scaled(facts.width, scale) + 1,
                 scaled(facts.height, scale) + 1};
  return out;
}

planned_file place_of(const variant_recipe& recipe,
                      const picture_facts& facts) {
  picture_facts known = facts;
  known.width = std::max(known.width, 1u);
  known.height = std::max(known.height, 1u);
  auto width = recipe.width > 0 ? recipe.width : max_encoded_edge;
  auto height = recipe.height > 0 ? recipe.height : max_encoded_edge;
  return recipe.fit == picture_fit::cover ? fill_box(known, width, height)
                                          : fit_inside(known, width, height);
}

void set_encoder(encode_order& order, const variant_recipe& recipe,
                 picture_format format, const imaging_settings& how,
                 uint32_t avif_effort) {
  order.format = format;
  switch (format) {
    case picture_format::webp:
      order.quality = how.webp_quality;
      order.effort = how.webp_effort;
      break;
    case picture_format::avif:
      order.quality = how.avif_quality;
      order.effort = avif_effort;
      order.tune = how.avif_tune;
      break;
    case picture_format::jpeg:
      order.quality = how.jpeg_quality;
      break;
  }
  order.quality = recipe.quality.value_or(order.quality);
}

double cost_of(const planned_file& file) {
  auto per_pixel = file.order.format == picture_format::avif
                     ? avif_costs[std::min(file.order.effort, 9u)]
                     : 1.0;
  return per_pixel * file.size.width * file.size.height;
}

bool has_same_bytes(const planned_file& a, const planned_file& b) {
  return a.size.width == b.size.width && a.size.height == b.size.height
         && a.order.fit == b.order.fit && a.order.format == b.order.format
         && a.order.quality == b.order.quality;
}

void add_file(std::vector<planned_file>& plan, planned_file file,
              const std::string& type) {
  auto same = std::find_if(plan.begin(), plan.end(), [&file](const auto& x) {
    return has_same_bytes(x, file);
  });
  if (same == plan.end())
    same = plan.insert(plan.end(), std::move(file));
  same->types.push_back(type);
}

} // namespace

std::vector<planned_file> plan_files(const picture_facts& facts,
                                     const imaging_settings& how,
                                     uint32_t avif_effort) {
  std::vector<planned_file> plan;
  for (const auto& recipe : how.variants)
    for (auto format : recipe.formats) {
      auto file = place_of(recipe, facts);
      set_encoder(file.order, recipe, format, how, avif_effort);
      add_file(plan, std::move(file), recipe.name);
    }
  double sum = 0;
  for (auto& x : plan)
    sum += x.cost = cost_of(x);
  std::stable_sort(plan.begin(), plan.end(),
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
    box.width = std::max(box.width, x.decoded.width);
    box.height = std::max(box.height, x.decoded.height);
  }
  return box;
}

} // namespace darkroom
