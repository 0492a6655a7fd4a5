#define CAF_SUITE codec_lenient

#include "tests/support/odd_pictures.hpp"

#include <cmath>
#include <cstdlib>

using namespace darkroom;
using namespace darkroom::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string pictures = DARKROOM_SOURCE_DIR "/tests/pictures/";

// "photo.webp" of "/tmp/x/whole-trailer-photo.webp": what it was made of.
std::string original_of(const std::string& path) {
  for (auto name : {"photo-baseline.jpg", "photo-progressive.jpg", "grey.jpg",
                    "rgb16.png", "photo.webp", "photo.avif"})
    if (has(path, name))
      return pictures + name;
  return pictures + "animated.gif";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_lenient_tests, odd_pictures_fixture)

CAF_TEST(what every viewer shows is read as if it were flawless) {
  for (auto& path : folder.named("whole-")) {
    auto seen = must_read(path);
    auto flawless = must_read(original_of(path));
    CAF_CHECK(seen.small.pixels == flawless.small.pixels);
    CAF_CHECK_EQUAL(seen.facts.file_size, std::filesystem::file_size(path));
  }
}

CAF_TEST(a picture that is cut off may be whole later) {
  for (auto& path : folder.named("cut-")) {
    auto why = must_refuse(path);
    CAF_CHECK_EQUAL(why.code, ec::cut_off);
    CAF_CHECK(has(why.context, "cut off after"));
    CAF_CHECK(has(why.context, "upload it again"));
  }
}

CAF_TEST(pixels that are missing before the end never come) {
  for (auto& path : folder.named("missing-")) {
    auto why = must_refuse(path);
    CAF_CHECK_EQUAL(why.code, ec::bad_input);
    CAF_CHECK(has(why.context, "pixels are missing"));
  }
  CAF_CHECK_EQUAL(must_refuse(folder / "broken-rgb16.png").code, ec::bad_input);
}

CAF_TEST(strictness strict refuses what a decoder warns of) {
  imaging_settings settings;
  settings.strictness = "strict";
  codec_client strict{settings, DARKROOM_BINARY_DIR "/darkroom-codec"};
  for (auto name : {"whole-junk-grey.jpg", "whole-samsung-grey.jpg",
                    "whole-no-end-grey.jpg", "missing-1-grey.jpg"}) {
    CAF_MESSAGE(name);
    CAF_CHECK(!strict.variants(folder / name, soon()));
  }
  CAF_CHECK(strict.variants(pictures + "grey.jpg", soon()));
}

CAF_TEST(a message keeps the line that helps) {
  auto why = must_refuse(folder / "cut-50-photo.avif").context;
  CAF_CHECK(has(why, "Unexpected end of file"));
  CAF_CHECK(!has(why, "bad seek"));
}

CAF_TEST(a file of a kind that is not read is told so) {
  for (auto [name, what] :
       std::initializer_list<std::pair<const char*, const char*>>{
         {"a.heic", "HEIC"},
         {"b.heic", "HEIC"},
         {"a.mp4", "video"},
         {"a.bmp", "BMP"},
         {"a.cr2", "a camera's raw picture"},
         {"a.dng", "a camera's raw picture"},
         {"a.nef", "a camera's raw picture"},
         {"a.raf", "a camera's raw picture"},
         {"a.psd", "Photoshop"},
         {"a.jxl", "JPEG XL"},
         {"a.jp2", "JPEG 2000"},
         {"a.pdf", "PDF"},
         {"a.svg", "SVG"},
         {"a.html", "HTML"},
         {"a.zip", "ZIP"},
         {"a.ico", "ICO"},
         {"a.txt", "text"}}) {
    auto why = must_refuse(folder / name);
    CAF_CHECK_EQUAL(why.code, ec::bad_input);
    CAF_CHECK(has(why.context, what));
    CAF_CHECK(has(why.context, " is not read: use JPEG, PNG"));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
