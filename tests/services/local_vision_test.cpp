#define CAF_SUITE local_vision

#include "services/vision/local_vision.hpp"
#include "tests/support/must.hpp"

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace darkroom;

namespace {

using nlohmann::json;

vision_input picture_of(const cv::Mat& rgb, const std::string& name = "x.jpg") {
  vision_input picture;
  picture.width = static_cast<uint32_t>(rgb.cols);
  picture.height = static_cast<uint32_t>(rgb.rows);
  picture.rgb.assign(reinterpret_cast<const char*>(rgb.data), rgb.total() * 3);
  picture.file_name = name;
  return picture;
}

cv::Mat plain(int red, int green, int blue, cv::Size size = {512, 384}) {
  return {size, CV_8UC3, cv::Scalar(red, green, blue)};
}

/// Random blocks: full of edges.
cv::Mat texture() {
  cv::Mat small(48, 64, CV_8UC3), large;
  cv::RNG random(7);
  random.fill(small, cv::RNG::UNIFORM, 0, 256);
  cv::resize(small, large, {512, 384}, 0, 0, cv::INTER_NEAREST);
  return large;
}

struct fixture {
  image_metadata describe(const vision_input& picture) {
    return must(analyser.describe(picture, nullptr));
  }

  std::string first_color(int red, int green, int blue) {
    auto said = describe(picture_of(plain(red, green, blue)));
    return json::parse(said.colors)["names"][0].get<std::string>();
  }

  /// Without models.
  local_vision analyser{std::make_shared<local_models>()};
};

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(local_vision_tests, fixture)

CAF_TEST(plain pictures have the color people call them) {
  CAF_CHECK_EQUAL(first_color(255, 0, 0), "red");
  CAF_CHECK_EQUAL(first_color(0, 255, 0), "green");
  CAF_CHECK_EQUAL(first_color(0, 0, 255), "blue");
  CAF_CHECK_EQUAL(first_color(255, 255, 255), "white");
  CAF_CHECK_EQUAL(first_color(0, 0, 0), "black");
  CAF_CHECK_EQUAL(first_color(128, 128, 128), "gray");
  CAF_CHECK_EQUAL(first_color(120, 72, 30), "brown");
  CAF_CHECK_EQUAL(first_color(135, 190, 235), "sky blue");
}

CAF_TEST(a red picture is described and found as red) {
  auto said = describe(picture_of(plain(220, 20, 30), "red-door_01.jpg"));
  CAF_MESSAGE(said.detailed_description);
  CAF_MESSAGE(said.searchable_text);
  CAF_CHECK(has(said.description, "red"));
  CAF_CHECK(holds(said.tags, "red"));
  CAF_CHECK(!holds(said.tags, "door"));
  CAF_CHECK(holds(said.categories, "minimal"));
  CAF_CHECK(!has(said.searchable_text, "door"));
  CAF_CHECK_EQUAL(said.model, "local-2");
  auto colors = json::parse(said.colors);
  CAF_CHECK_EQUAL(colors["dominant"][0], "#dc141e");
  CAF_CHECK_EQUAL(colors["temperature"], "warm");
  CAF_CHECK_EQUAL(colors["shares"][0], 1.0);
}

CAF_TEST(two colors have their shares) {
  auto half = plain(30, 90, 200);
  half(cv::Rect(0, 0, 512, 96)).setTo(cv::Scalar(255, 225, 20));
  auto said = json::parse(describe(picture_of(half)).colors);
  CAF_CHECK_EQUAL(said["names"][0], "blue");
  CAF_CHECK_EQUAL(said["names"][1], "yellow");
  CAF_CHECK(std::abs(said["shares"][1].get<double>() - 0.25) < 0.03);
}

CAF_TEST(the orientation is that of the original) {
  auto picture = picture_of(plain(9, 9, 9));
  auto layout = [&](uint32_t width, uint32_t height) {
    picture.original_width = width;
    picture.original_height = height;
    auto said = json::parse(describe(picture).composition);
    return said["orientation"].get<std::string>() + " "
           + said["aspectRatio"].get<std::string>();
  };
  CAF_CHECK_EQUAL(layout(3000, 2000), "landscape 3:2");
  CAF_CHECK_EQUAL(layout(3000, 4000), "portrait 3:4");
  CAF_CHECK_EQUAL(layout(1000, 1001), "square 1:1");
  CAF_CHECK_EQUAL(layout(5000, 1000), "panorama 5.00:1");
}

CAF_TEST(the eye goes to the one thing there is) {
  auto spot = plain(200, 200, 200);
  cv::circle(spot, {430, 320}, 25, cv::Scalar(200, 0, 0), cv::FILLED);
  auto said = json::parse(describe(picture_of(spot)).composition);
  CAF_CHECK_EQUAL(said["focalPoint"]["third"], "lower right");
  auto nothing = json::parse(describe(picture_of(plain(9, 9, 9))).composition);
  CAF_CHECK(!nothing.contains("focalPoint"));
}

CAF_TEST(a picture without a subject says so and is not searched for it) {
  auto said = describe(picture_of(texture()));
  CAF_CHECK_EQUAL(said.description.rfind("No subject recognised. A", 0), 0u);
  CAF_CHECK(!has(said.searchable_text, "subject"));
  CAF_CHECK(said.objects.empty());
}

CAF_TEST(the shape of a picture is no tag) {
  for (auto size : {cv::Size{900, 300}, cv::Size{300, 400}, cv::Size{9, 9}})
    for (const auto& tag : describe(picture_of(plain(9, 9, 9, size))).tags)
      CAF_CHECK(tag != "panorama" && tag != "portrait" && tag != "landscape"
                && tag != "square");
}

CAF_TEST(the low sun is told from a lamp and from a bright sky) {
  // Dark ground, a sky that gets warmer and brighter towards the sun.
  auto scene = [](bool is_warm, int radius) {
    cv::Mat drawn(400, 600, CV_8UC3);
    for (auto y = 0; y < drawn.rows; ++y)
      for (auto x = 0; x < drawn.cols; ++x) {
        auto away = std::hypot(x - 300, y - 180);
        auto light = y > 230 ? 30 : std::max(60.0, 255 - away * 0.8);
        drawn.at<cv::Vec3b>(y, x)
          = cv::Vec3b(cv::saturate_cast<uint8_t>(light),
                      cv::saturate_cast<uint8_t>(light * (is_warm ? .85 : 1)),
                      cv::saturate_cast<uint8_t>(light * (is_warm ? .6 : 1)));
      }
    cv::circle(drawn, {300, 180}, radius, cv::Scalar::all(255), cv::FILLED);
    return drawn;
  };
  CAF_CHECK(holds(describe(picture_of(scene(true, 30))).tags, "low sun"));
  CAF_CHECK(!holds(describe(picture_of(scene(false, 30))).tags, "low sun"));
  CAF_CHECK(!holds(describe(picture_of(scene(true, 170))).tags, "low sun"));
  CAF_CHECK(!holds(describe(picture_of(texture())).tags, "low sun"));
}

CAF_TEST(a picture too small to judge is not called blurred) {
  cv::Mat small;
  cv::resize(texture(), small, {120, 90}, 0, 0, cv::INTER_AREA);
  auto tags = describe(picture_of(small)).tags;
  CAF_CHECK(!holds(tags, "blurred") && !holds(tags, "sharp"));
}

CAF_TEST(sharp and blurred pictures are told apart) {
  auto sharp = texture();
  CAF_CHECK(holds(describe(picture_of(sharp)).tags, "sharp"));
  cv::Mat blurred;
  cv::GaussianBlur(sharp, blurred, {0, 0}, 8);
  CAF_CHECK(holds(describe(picture_of(blurred)).tags, "blurred"));
  auto flat = describe(picture_of(plain(9, 9, 9))).tags;
  CAF_CHECK(!holds(flat, "blurred") && !holds(flat, "sharp"));
}

CAF_TEST(light and color set the mood) {
  CAF_CHECK_EQUAL(describe(picture_of(plain(10, 10, 10))).mood, "somber");
  CAF_CHECK_EQUAL(describe(picture_of(plain(240, 240, 240))).mood, "airy");
  CAF_CHECK_EQUAL(describe(picture_of(plain(255, 150, 10))).mood, "cheerful");
  CAF_CHECK_EQUAL(describe(picture_of(plain(128, 128, 128))).style,
                  "black and white");
}

CAF_TEST(exif facts are told as bare and as libvips names) {
  auto picture = picture_of(texture());
  picture.exif
    = {{"exif-ifd0-Make", "Canon (Canon, ASCII, 6 components, 6 bytes)"},
       {"exif-ifd0-Model", "Canon EOS 5D"},
       {"exif-ifd2-FNumber", "28/10 (f/2.8, Rational, 1 components)"},
       {"ExposureTime", "1/125"},
       {"ISOSpeedRatings", "100"},
       {"DateTimeOriginal", "2024:07:14 18:30:00"}};
  auto said = describe(picture);
  CAF_MESSAGE(said.detailed_description);
  CAF_CHECK(has(said.detailed_description,
                "Taken with Canon EOS 5D, f/2.8, 1/125 s, ISO 100."));
  CAF_CHECK(has(said.detailed_description, "Taken in July 2024."));
  CAF_CHECK(holds(said.categories, "photograph"));
}

CAF_TEST(the same picture gives the same words) {
  auto picture = picture_of(texture());
  auto once = describe(picture);
  local_vision other{std::make_shared<local_models>()};
  auto again = must(other.describe(picture, nullptr));
  CAF_CHECK_EQUAL(once.detailed_description, again.detailed_description);
  CAF_CHECK_EQUAL(once.colors, again.colors);
  CAF_CHECK_EQUAL(once.composition, again.composition);
}

CAF_TEST(pixels that are none are refused) {
  auto picture = picture_of(plain(9, 9, 9));
  picture.rgb.pop_back();
  CAF_CHECK(refused(analyser.describe(picture, nullptr)).code == ec::bad_input);
  CAF_CHECK(refused(analyser.describe({}, nullptr)).code == ec::bad_input);
  picture = picture_of(plain(9, 9, 9, {1, 1}));
  describe(picture);
}

CAF_TEST_FIXTURE_SCOPE_END()
