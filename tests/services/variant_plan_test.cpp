#define CAF_SUITE variant_plan

#include "services/codec/capacity.hpp"
#include "services/codec/effort.hpp"
#include "services/codec/plan_memory.hpp"
#include "services/codec/variant_plan.hpp"
#include "services/process/usable_machine.hpp"
#include "tests/support/sized.hpp"
#include "tests/support/test.hpp"

#include <map>

using namespace darkroom;
using test::sized;

namespace {

// "lg+md.webp" and the width of the box, in the order of the encodes.
std::vector<std::pair<std::string, uint32_t>> files(uint32_t width,
                                                    uint32_t height) {
  std::vector<std::pair<std::string, uint32_t>> out;
  for (auto& x : plan_files(sized(width, height), {}, 3)) {
    std::string name;
    for (auto& type : x.types)
      name += (name.empty() ? "" : "+") + type;
    out.emplace_back(name + "." + to_string(x.order.format), x.order.width);
  }
  return out;
}

uint32_t effort_of(std::optional<uint32_t> configured, uint32_t waiting,
                   uint32_t width = 4000, uint32_t height = 3000) {
  imaging_settings how;
  how.avif_effort = configured;
  return choose_effort(how, sized(width, height), waiting);
}

} // namespace

CAF_TEST(a large picture becomes six files and the longest encode is first) {
  auto plan = files(4000, 3000);
  CAF_REQUIRE_EQUAL(plan.size(), 6u);
  CAF_CHECK_EQUAL(plan[0].first, "lg.avif");
  CAF_CHECK_EQUAL(plan[0].second, 1920u);
  CAF_CHECK_EQUAL(plan[5].first, "sm.webp");
  CAF_CHECK_EQUAL(plan[5].second, 640u);
}

CAF_TEST(widths that a picture does not have share a file) {
  auto named = [](uint32_t width, uint32_t height = 100) {
    std::map<std::string, uint32_t> out;
    for (auto& [name, box] : files(width, height))
      out[name] = box;
    return out;
  };
  CAF_CHECK_EQUAL(named(800).count("lg+md.avif"), 1u);
  CAF_CHECK_EQUAL(named(800).count("sm.webp"), 1u);
  CAF_CHECK_EQUAL(named(800).size(), 4u);
  CAF_CHECK_EQUAL(named(640).count("lg+md+sm.webp"), 1u);
  CAF_CHECK_EQUAL(named(640).size(), 2u);
  CAF_CHECK_EQUAL(named(641).size(), 4u);
  CAF_CHECK_EQUAL(named(1920).size(), 6u);
  // Shrunk to a height of 16383 it is 819 pixels wide.
  CAF_CHECK_EQUAL(named(3000, 60000).count("lg+md.avif"), 1u);
}

CAF_TEST(recipes have formats and qualities of their own) {
  imaging_settings how;
  how.variants
    = {{.name = "page",
        .width = 500,
        .formats = {picture_format::jpeg},
        .quality = 70},
       {.name = "list", .width = 200, .formats = {picture_format::webp}}};
  auto plan = plan_files(sized(700, 500), how, 3);
  CAF_REQUIRE_EQUAL(plan.size(), 2u);
  CAF_CHECK(plan[0].order.format == picture_format::jpeg);
  CAF_CHECK_EQUAL(plan[0].order.quality, 70u);
  CAF_CHECK(plan[1].order.format == picture_format::webp);
  CAF_CHECK_EQUAL(plan[1].order.quality, how.webp_quality);
}

CAF_TEST(recipes that make the same file share it) {
  imaging_settings how;
  auto webp = [](const char* name, uint32_t width, uint32_t height) {
    return variant_recipe{
      name, width, height, picture_fit::inside, {picture_format::webp}, {}};
  };
  how.variants = {webp("a", 300, 0), webp("b", 0, 200), webp("c", 300, 200)};
  auto plan = plan_files(sized(900, 600), how, 3);
  CAF_REQUIRE_EQUAL(plan.size(), 1u);
  CAF_CHECK_EQUAL(plan[0].types, (std::vector<std::string>{"a", "b", "c"}));
  how.variants[1].quality = 10;
  CAF_CHECK_EQUAL(plan_files(sized(900, 600), how, 3).size(), 2u);
}

CAF_TEST(a box that is covered keeps its shape and is never enlarged) {
  imaging_settings how;
  how.variants = {{.name = "square",
                   .width = 400,
                   .height = 400,
                   .fit = picture_fit::cover,
                   .formats = {picture_format::webp}}};
  auto square = [&how](uint32_t width, uint32_t height) {
    auto plan = plan_files(sized(width, height), how, 3);
    auto box = box_of(plan);
    CAF_CHECK(box.width >= plan[0].size.width);
    CAF_CHECK(box.height >= plan[0].size.height);
    CAF_CHECK(box.width <= width + 1 && box.height <= height + 1);
    CAF_CHECK_EQUAL(plan[0].size.width, plan[0].size.height);
    return plan[0].size.width;
  };
  CAF_CHECK_EQUAL(square(4000, 3000), 400u);
  CAF_CHECK_EQUAL(square(3000, 400), 400u);
  CAF_CHECK_EQUAL(square(300, 3000), 300u);
  CAF_CHECK_EQUAL(square(1, 1), 1u);
}

CAF_TEST(only the pixels that a variant needs are decoded) {
  imaging_settings how;
  how.variants
    = {{.name = "wide", .width = 1000, .formats = {picture_format::webp}},
       {.name = "high", .height = 600, .formats = {picture_format::webp}}};
  auto box = box_of(plan_files(sized(8000, 6000), how, 3));
  CAF_CHECK_EQUAL(box.width, 1000u);
  CAF_CHECK_EQUAL(box.height, 751u);
}

CAF_TEST(costs add up and each file has its number) {
  for (uint32_t width : {1u, 700u, 1500u, 9000u}) {
    auto plan = plan_files(sized(width, 500), {}, 3);
    double sum = 0;
    for (uint32_t i = 0; i < plan.size(); ++i) {
      CAF_CHECK_EQUAL(plan[i].order.number, i);
      CAF_CHECK(!plan[i].types.empty());
      sum += plan[i].cost;
    }
    CAF_CHECK(sum > 0.999 && sum < 1.001);
    CAF_CHECK(box_of(plan).width >= std::min(width, 1920u));
  }
}

CAF_TEST(qualities and efforts are those of the settings) {
  imaging_settings how;
  how.webp_quality = 71;
  how.webp_effort = 2;
  how.avif_quality = 33;
  for (auto& x : plan_files(sized(3000, 2000), how, 6)) {
    auto is_avif = x.order.format == picture_format::avif;
    CAF_CHECK_EQUAL(x.order.quality, is_avif ? 33u : 71u);
    CAF_CHECK_EQUAL(x.order.effort, is_avif ? 6u : 2u);
  }
}

CAF_TEST(a configured effort is never changed) {
  for (uint32_t effort : {0u, 3u, 9u})
    for (uint32_t waiting : {0u, 1000u})
      CAF_CHECK_EQUAL(effort_of(effort, waiting), effort);
}

CAF_TEST(an automatic effort follows the backlog and the size) {
  CAF_CHECK_EQUAL(effort_of({}, 1000), 1u);
  CAF_CHECK_EQUAL(effort_of({}, 20), 1u);
  CAF_CHECK_EQUAL(effort_of({}, 19), 3u);
  CAF_CHECK_EQUAL(effort_of({}, 1), 3u);
  CAF_CHECK_EQUAL(effort_of({}, 0), 3u); // 1920 x 1440 would take too long
  CAF_CHECK_EQUAL(effort_of({}, 0, 600, 400), 4u);
  CAF_CHECK_EQUAL(effort_of({}, 1, 600, 400), 3u);
}

CAF_TEST(memory follows the sizes and the encoders that run at once) {
  auto facts = sized(4000, 3000);
  auto plan = plan_files(facts, {}, 3);
  auto one = memory_of(plan, facts, 1);
  auto two = memory_of(plan, facts, 2);
  auto all = memory_of(plan, facts, 64);
  CAF_CHECK(one < two && two < all);
  // 166 to 184 MB were measured, of which the process itself had 30 to 50.
  CAF_CHECK(two > (100u << 20) && two < (170u << 20));
  CAF_CHECK_EQUAL(all, memory_of(plan, facts, 6));
  facts.has_alpha = true;
  CAF_CHECK(memory_of(plan, facts, 2) > two);
  imaging_settings how;
  how.variants
    = {{.name = "poster", .width = 8000, .formats = {picture_format::avif}}};
  auto large = sized(8000, 6000);
  CAF_CHECK(memory_of(plan_files(large, how, 3), large, 2)
            > uint64_t{48000000} * 37);
}

CAF_TEST(slots follow cores and memory) {
  constexpr uint64_t gib = uint64_t{1} << 30;
  CAF_CHECK_EQUAL(slots_for({1, 8 * gib}), 3u);
  CAF_CHECK_EQUAL(slots_for({2, 8 * gib}), 5u);
  CAF_CHECK_EQUAL(slots_for({8, 16 * gib}), 17u);
  CAF_CHECK_EQUAL(slots_for({128, 512 * gib}), 64u);
  CAF_CHECK_EQUAL(slots_for({8, gib / 2}), 2u);
  CAF_CHECK_EQUAL(slots_for({8, 1000}), 1u);
}

CAF_TEST(numbers of the settings replace those of the machine) {
  settings config;
  config.imaging.cores = 3;
  config.imaging.memory_bytes = 12345;
  auto capacity = capacity_of(config.imaging);
  CAF_CHECK_EQUAL(capacity.cores, 3u);
  CAF_CHECK_EQUAL(capacity.memory_bytes, 12345u);
  config.worker.concurrency = 9;
  CAF_CHECK_EQUAL(slots_of(config), 9u);
}

CAF_TEST(a quota of the cgroup counts in whole cores) {
  CAF_CHECK_EQUAL(cores_of_quota("200000 100000"), 2u);
  CAF_CHECK_EQUAL(cores_of_quota("150000 100000"), 2u);
  CAF_CHECK_EQUAL(cores_of_quota("1000 100000"), 1u);
  CAF_CHECK_EQUAL(cores_of_quota("max 100000"), 0u);
  CAF_CHECK_EQUAL(cores_of_quota(""), 0u);
  CAF_CHECK_EQUAL(cores_of_quota("100000 0"), 0u);
}

CAF_TEST(the machine has at least one core and some memory) {
  CAF_CHECK(usable_cores() >= 1);
  CAF_CHECK(usable_memory() > (1u << 20));
}
