#define CAF_SUITE offline

#include "services/codec/codec_client.hpp"
#include "services/embedding/sentence_encoder.hpp"
#include "services/vision/local_vision.hpp"
#include "tests/support/fetched_models.hpp"
#include "tests/support/must.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>

using namespace darkroom;
using namespace darkroom::test;

namespace {

/// A picture of ours and the things of COCO's kinds that are in it, as a person
/// sees them.
struct known_picture {
  std::string path;
  std::vector<std::string> things;
};

const std::vector<known_picture> known{
  {"deploy/samples/dragonfly.jpg", {}},
  {"deploy/samples/friends-soft-edge.png", {"dog"}},
  {"deploy/samples/life.webp", {}},
  {"deploy/samples/mountains.jpg", {}},
  {"deploy/samples/sunset-turned.jpg", {}},
  {"tests/pictures/adobergb.jpg", {"bowl"}},
  {"tests/pictures/alpha.png", {"dog"}},
  {"tests/pictures/animated.gif", {}},
  {"tests/pictures/astronaut.jpg", {"person"}},
  {"tests/pictures/bird.jpg", {"bird"}},
  {"tests/pictures/cmyk.jpg", {"bottle", "wine glass", "cup", "chair", "vase"}},
  {"tests/pictures/coffee.jpg", {"cup", "spoon", "dining table"}},
  {"tests/pictures/exif6.jpg", {}},
  {"tests/pictures/grey.jpg", {}},
  {"tests/pictures/photo-baseline.jpg", {}},
  {"tests/pictures/photo-progressive.jpg", {}},
  {"tests/pictures/photo.avif", {}},
  {"tests/pictures/photo.webp", {}},
  {"tests/pictures/rgb16.png", {}},
  {"tests/pictures/tiny.jpg", {}},
};

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct fixture {
  fixture()
    : analyser(must(load_models(fetched_models()))),
      encoder(must(sentence_encoder::load(DARKROOM_SOURCE_DIR
                                          "/deps/models/sentence-encoder"))) {}

  vision_input see(const std::string& path) {
    auto soon = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    auto seen = must(codec.analyse(DARKROOM_SOURCE_DIR "/" + path, soon));
    vision_input out;
    out.rgb.assign(seen.small.pixels.begin(), seen.small.pixels.end());
    out.width = seen.small.width;
    out.height = seen.small.height;
    out.original_width = seen.facts.width;
    out.original_height = seen.facts.height;
    out.file_name = path;
    return out;
  }

  image_metadata describe(const vision_input& picture) {
    return must(analyser.describe(picture, nullptr));
  }

  codec_client codec{{}, DARKROOM_BINARY_DIR "/darkroom-codec"};
  local_vision analyser;
  std::unique_ptr<sentence_encoder> encoder;
};

/// The same scene as a smaller file has it.
vision_input smaller(const vision_input& of, double factor) {
  cv::Mat whole(static_cast<int>(of.height), static_cast<int>(of.width),
                CV_8UC3, const_cast<char*>(of.rgb.data()));
  cv::Mat shrunk;
  cv::resize(whole, shrunk, {}, factor, factor, cv::INTER_AREA);
  auto out = of;
  out.width = static_cast<uint32_t>(shrunk.cols);
  out.height = static_cast<uint32_t>(shrunk.rows);
  out.rgb.assign(reinterpret_cast<const char*>(shrunk.data),
                 shrunk.total() * 3);
  return out;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(offline_tests, fixture)

CAF_TEST(most pictures with a thing name it and none names another) {
  size_t with_things = 0, named = 0;
  for (const auto& x : known) {
    auto said = describe(see(x.path));
    CAF_MESSAGE(x.path << ": " << said.description);
    for (const auto& object : said.objects)
      if (!(object == "face" && holds(x.things, "person"))
          && !holds(x.things, object))
        CAF_ERROR(x.path << " has no " << object);
    auto is_named = !said.objects.empty();
    CAF_CHECK_EQUAL(has(said.description, "No subject recognised"),
                    !is_named && !holds(said.tags, "low sun"));
    with_things += !x.things.empty();
    named += is_named;
  }
  CAF_MESSAGE(named << " of " << with_things << " pictures name a thing");
  CAF_CHECK(named * 2 >= with_things);
}

CAF_TEST(a face is found where a person is) {
  auto said = describe(see("tests/pictures/astronaut.jpg"));
  CAF_CHECK_EQUAL(said.objects, (std::vector<std::string>{"person", "face"}));
  CAF_CHECK(holds(said.categories, "people"));
}

CAF_TEST(two sizes of a picture have the same words) {
  for (const auto& x : known) {
    auto whole = see(x.path);
    if (std::max(whole.width, whole.height) < 500)
      continue; // the smaller one would be too small to judge
    auto large = describe(whole);
    auto small = describe(smaller(whole, .7));
    CAF_MESSAGE(x.path);
    CAF_CHECK_EQUAL(large.description, small.description);
    CAF_CHECK_EQUAL(large.mood, small.mood);
    CAF_CHECK_EQUAL(large.style, small.style);
    CAF_CHECK_EQUAL(large.objects, small.objects);
    CAF_CHECK_EQUAL(large.tags, small.tags);
  }
}

CAF_TEST(words find their pictures first) {
  std::map<std::string, std::vector<float>> vectors;
  for (const auto& x : known)
    vectors[x.path]
      = must(encoder->embed(describe(see(x.path)).searchable_text, nullptr));
  auto first = [&](const std::string& query) {
    auto asked = must(encoder->embed(query, nullptr));
    auto likeness = [&asked](const auto& x) {
      return std::inner_product(asked.begin(), asked.end(), x.second.begin(),
                                0.0f);
    };
    auto best = std::max_element(vectors.begin(), vectors.end(),
                                 [&](const auto& a, const auto& b) {
                                   return likeness(a) < likeness(b);
                                 });
    CAF_MESSAGE(query << ": " << best->first << ", " << likeness(*best));
    return best->first;
  };
  auto dog = first("dog");
  CAF_CHECK(dog == "deploy/samples/friends-soft-edge.png"
            || dog == "tests/pictures/alpha.png");
  CAF_CHECK_EQUAL(first("bird"), "tests/pictures/bird.jpg");
  auto sunset = first("sunset");
  CAF_CHECK(sunset == "deploy/samples/sunset-turned.jpg"
            || sunset == "tests/pictures/exif6.jpg"
            || sunset == "tests/pictures/rgb16.png");
}

CAF_TEST_FIXTURE_SCOPE_END()
