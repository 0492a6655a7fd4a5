#define CAF_SUITE variant_plan

#include "services/codec/capacity.hpp"
#include "services/codec/effort.hpp"
#include "services/codec/variant_plan.hpp"
#include "services/process/usable_machine.hpp"
#include "tests/support/test.hpp"

#include <map>

using namespace darkroom;

namespace {

const std::vector<picture_format> both{picture_format::webp,
                                       picture_format::avif};

picture_facts sized(uint32_t width, uint32_t height) {
  picture_facts out;
  out.width = width;
  out.height = height;
  return out;
}

// "lg+md.webp" and the width of the box, in the order of the encodes.
std::vector<std::pair<std::string, uint32_t>> files(uint32_t width,
                                                    uint32_t height) {
  std::vector<std::pair<std::string, uint32_t>> out;
  for (auto& x : plan_files(sized(width, height), {}, 3, both)) {
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

CAF_TEST(a format that nobody wants is left out) {
  auto plan = plan_files(sized(700, 500), {}, 3, {picture_format::webp});
  CAF_REQUIRE_EQUAL(plan.size(), 2u);
  for (auto& x : plan)
    CAF_CHECK(x.order.format == picture_format::webp);
}

CAF_TEST(costs add up and each file has its number) {
  for (uint32_t width : {1u, 700u, 1500u, 9000u}) {
    auto plan = plan_files(sized(width, 500), {}, 3, both);
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
  for (auto& x : plan_files(sized(3000, 2000), how, 6, both)) {
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

CAF_TEST(slots follow cores and memory) {
  constexpr uint64_t gib = uint64_t{1} << 30;
  CAF_CHECK_EQUAL(slots_for({1, 8 * gib}), 3u);
  CAF_CHECK_EQUAL(slots_for({2, 8 * gib}), 5u);
  CAF_CHECK_EQUAL(slots_for({8, 16 * gib}), 17u);
  CAF_CHECK_EQUAL(slots_for({128, 512 * gib}), 64u);
  CAF_CHECK_EQUAL(slots_for({8, gib / 2}), 3u);
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
