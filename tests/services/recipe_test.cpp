#define CAF_SUITE recipe

#include "services/codec/recipe.hpp"
#include "tests/support/sized.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using test::sized;

namespace {

std::string recipe(const imaging_settings& how, uint32_t effort = 3,
                   const std::string& libraries = "libaom.so.3.6.0",
                   uint32_t width = 4000) {
  return recipe_hash(plan_files(sized(width, 3000), how, effort), how,
                     libraries);
}

} // namespace

CAF_TEST(the AVIF effort is no part of a recipe) {
  for (uint32_t effort : {0, 1, 4, 9})
    CAF_CHECK_EQUAL(recipe({}, effort), recipe({}));
  imaging_settings how;
  how.avif_effort = std::nullopt;
  CAF_CHECK_EQUAL(recipe(how), recipe({}));
  CAF_CHECK_EQUAL(recipe({}).size(), 64u);
}

CAF_TEST(all else that decides the files makes another recipe) {
  std::vector<imaging_settings> others(9);
  others[0].webp_quality = 81;
  others[1].webp_effort = 5;
  others[2].avif_quality = 51;
  others[3].strictness = "strict";
  others[4].share_files = false;
  others[5].avif_tune = "ssim";
  others[6].variants[0].quality = 70;
  others[7].variants[0].name = "large";
  others[8].variants[0].height = 9;
  for (const auto& how : others)
    CAF_CHECK(recipe(how) != recipe({}));
  CAF_CHECK(recipe({}, 3, "libaom.so.3.7.0") != recipe({}));
  CAF_CHECK(recipe({}, 3, "libaom.so.3.6.0", 800) != recipe({}));
}

CAF_TEST(what only limits the codec is no part of a recipe) {
  imaging_settings how;
  how.max_pixels = 1;
  how.cores = 7;
  how.codec_time = std::chrono::milliseconds{5};
  CAF_CHECK_EQUAL(recipe(how), recipe({}));
}
