#define CAF_SUITE codec

#include "services/codec/codec_client.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <cmath>
#include <cstdlib>
#include <map>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

using rgb = std::array<double, 3>;

std::string picture(const std::string& name) {
  return DARKROOM_SOURCE_DIR "/tests/pictures/" + name;
}

// Mean of each channel over a part of the picture, in tenths of its sides.
rgb mean(const raw_picture& of, uint32_t left = 0, uint32_t top = 0,
         uint32_t right = 10, uint32_t bottom = 10) {
  rgb sum{};
  double count = 0;
  for (auto y = of.height * top / 10; y < of.height * bottom / 10; ++y)
    for (auto x = of.width * left / 10; x < of.width * right / 10; ++x) {
      for (size_t k = 0; k < 3; ++k)
        sum[k] += of.pixels[(size_t{y} * of.width + x) * 3 + k];
      ++count;
    }
  return {sum[0] / count, sum[1] / count, sum[2] / count};
}

bool is_near(const rgb& a, const rgb& b, double tolerance = 2) {
  for (size_t k = 0; k < 3; ++k)
    if (std::abs(a[k] - b[k]) > tolerance)
      return false;
  return true;
}

struct codec_fixture {
  scratch_folder folder;
  // The sizes and colours below are those of this edge.
  static imaging_settings limits() {
    imaging_settings out;
    out.analysis_edge = 512;
    return out;
  }

  codec_client codec{limits(), DARKROOM_BINARY_DIR "/darkroom-codec"};

  static codec_client::time_point soon() {
    return std::chrono::steady_clock::now() + 60s;
  }

  picture_analysis analyse(const std::string& path) {
    auto got = codec.analyse(path, soon());
    if (!got)
      CAF_FAIL(got.error().context);
    return std::move(*got);
  }

  // By type and format, "sm.webp".
  std::map<std::string, encoded_variant> variants(const std::string& path) {
    auto got = codec.variants(path, soon());
    if (!got)
      CAF_FAIL(got.error().context);
    std::map<std::string, encoded_variant> named;
    for (auto& x : *got)
      for (auto& type : x.types)
        named[type + "." + to_string(x.format)] = x;
    return named;
  }

  // Decodes an encoded variant again.
  picture_analysis decode(const encoded_variant& variant) {
    auto path = folder / (std::string{"variant."} + to_string(variant.format));
    write_file(path, variant.file.bytes);
    return analyse(path);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_tests, codec_fixture)

CAF_TEST(a header tells what a picture is) {
  auto turned = codec.analyse(picture("exif6.jpg"), soon());
  CAF_REQUIRE(turned);
  CAF_CHECK_EQUAL(turned->facts.format, "jpeg");
  CAF_CHECK_EQUAL(turned->facts.file_size,
                  std::filesystem::file_size(picture("exif6.jpg")));
  CAF_CHECK_EQUAL(turned->facts.width, 600u);
  CAF_CHECK_EQUAL(turned->facts.height, 400u);
  CAF_CHECK_EQUAL(turned->facts.orientation, 6u);
  CAF_CHECK_EQUAL(turned->facts.camera_make, "Test");
  CAF_CHECK_EQUAL(turned->facts.camera_model, "Rotated");
  CAF_CHECK(!turned->facts.has_alpha);
  auto wide = codec.analyse(picture("adobergb.jpg"), soon());
  CAF_REQUIRE(wide);
  CAF_CHECK_EQUAL(wide->facts.icc_profile, "Compatible with Adobe RGB (1998)");
  auto moving = codec.analyse(picture("animated.gif"), soon());
  CAF_REQUIRE(moving);
  CAF_CHECK_EQUAL(moving->facts.format, "gif");
  CAF_CHECK_EQUAL(moving->facts.frames, 12u);
  auto soft = codec.analyse(picture("alpha.png"), soon());
  CAF_REQUIRE(soft);
  CAF_CHECK(soft->facts.has_alpha);
}

CAF_TEST(every picture comes out in its size and colours) {
  struct row {
    const char* name;
    uint32_t width;
    uint32_t height;
    rgb colour; // of the same picture through sharp 0.35.5
  };
  for (auto& x : {row{"photo-baseline.jpg", 512, 384, {104.9, 106.5, 109}},
                  row{"photo-progressive.jpg", 512, 341, {98.3, 103.3, 90.9}},
                  row{"exif6.jpg", 512, 341, {113.2, 113.1, 111}},
                  row{"cmyk.jpg", 240, 360, {127, 96.9, 42.8}},
                  row{"adobergb.jpg", 300, 203, {155.4, 85.5, 73.7}},
                  row{"rgb16.png", 200, 133, {113.2, 113.1, 110.9}},
                  row{"grey.jpg", 400, 266, {138.8, 138.8, 138.8}},
                  row{"alpha.png", 240, 361, {171.9, 167.7, 162.5}},
                  row{"animated.gif", 120, 68, {96.5, 88.6, 53.1}},
                  row{"photo.webp", 512, 384, {84.7, 85.2, 69.8}},
                  row{"photo.avif", 300, 225, {84.9, 85.1, 69.9}},
                  row{"tiny.jpg", 96, 72, {85.5, 85.6, 73}}}) {
    auto got = analyse(picture(x.name));
    CAF_MESSAGE(x.name);
    CAF_CHECK_EQUAL(got.small.width, x.width);
    CAF_CHECK_EQUAL(got.small.height, x.height);
    CAF_CHECK(is_near(mean(got.small), x.colour));
  }
}

CAF_TEST(a turned picture is upright) {
  auto small = analyse(picture("exif6.jpg")).small;
  CAF_CHECK(is_near(mean(small, 0, 0, 5, 5), {161.7, 174.4, 189.3})); // sky
  CAF_CHECK(is_near(mean(small, 0, 5, 5, 10), {65.3, 52.3, 34.9}));   // ground
}

CAF_TEST(the vision model gets a JPEG with its longer edge cut to size) {
  auto got = analyse(picture("photo-progressive.jpg"));
  write_file(folder / "vision.jpg", got.vision_jpeg);
  auto seen = codec.analyse(folder / "vision.jpg", soon());
  CAF_REQUIRE(seen);
  CAF_CHECK_EQUAL(seen->facts.format, "jpeg");
  CAF_CHECK_EQUAL(seen->facts.width, 768u);
  CAF_CHECK_EQUAL(seen->facts.height, 511u);
}

CAF_TEST(a picture becomes six files) {
  auto six = variants(picture("photo-progressive.jpg"));
  CAF_CHECK_EQUAL(six.size(), 6u);
  std::map<std::string, std::pair<uint32_t, uint32_t>> sizes{
    {"lg", {1920, 1279}}, {"md", {1024, 682}}, {"sm", {640, 426}}};
  for (auto& [name, variant] : six) {
    CAF_MESSAGE(name);
    auto again = decode(variant);
    auto [width, height] = sizes[variant.types.at(0)];
    CAF_CHECK_EQUAL(again.facts.format, to_string(variant.format));
    CAF_CHECK_EQUAL(again.facts.width, width);
    CAF_CHECK_EQUAL(again.facts.height, height);
    CAF_CHECK_EQUAL(variant.file.width, width);
    CAF_CHECK_EQUAL(variant.file.height, height);
    CAF_CHECK(is_near(mean(again.small), {98.3, 103.3, 90.9}));
  }
}

CAF_TEST(a picture is never enlarged) {
  for (auto& [name, variant] : variants(picture("tiny.jpg"))) {
    CAF_CHECK_EQUAL(variant.file.width, 96u);
    CAF_CHECK_EQUAL(variant.file.height, 72u);
  }
  auto six = variants(picture("photo.webp"));
  CAF_CHECK_EQUAL(six["lg.webp"].file.width, 700u);
  CAF_CHECK_EQUAL(six["md.avif"].file.width, 700u);
  CAF_CHECK_EQUAL(six["sm.avif"].file.width, 640u);
}

CAF_TEST(variants are upright and keep their alpha) {
  auto turned = variants(picture("exif6.jpg"));
  CAF_CHECK_EQUAL(turned["sm.avif"].file.width, 600u);
  CAF_CHECK_EQUAL(decode(turned["sm.avif"]).facts.orientation, 1u);
  auto soft = variants(picture("alpha.png"));
  CAF_CHECK(decode(soft["sm.webp"]).facts.has_alpha);
  CAF_CHECK(decode(soft["sm.avif"]).facts.has_alpha);
}

CAF_TEST(one child answers many requests) {
  analyse(picture("tiny.jpg"));
  auto child = codec.child();
  CAF_CHECK_NOT_EQUAL(child, 0);
  for (int i = 0; i < 5; ++i)
    analyse(picture("tiny.jpg"));
  CAF_CHECK_EQUAL(codec.child(), child);
}

CAF_TEST_FIXTURE_SCOPE_END()
