#define CAF_SUITE read_variants

#include "config/load.hpp"
#include "config/read_file.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

std::vector<std::string> read(const std::string& text) {
  auto parsed = read_toml(text, "x.toml");
  CAF_REQUIRE(parsed);
  std::vector<std::string> out;
  for (const auto& x : parsed->variants)
    out.push_back(describe(x));
  return out;
}

std::string why(const std::string& text) {
  auto parsed = read_toml("[[variants]]\n" + text, "x.toml");
  return parsed ? "" : parsed.error().context;
}

} // namespace

CAF_TEST(sizes stand in the order of the file) {
  CAF_CHECK_EQUAL(
    read("[[variants]]\nname = \"hero\"\nwidth = 2560\n"
         "[[variants]]\nname = \"thumb\"\nwidth = 256\nheight = 200\n"
         "fit = \"cover\"\nformat = [\"jpeg\", \"webp\"]\nquality = 70\n"
         "[[variants]]\nname = \"row\"\nheight = 90\nformat = \"avif\"\n"),
    (std::vector<std::string>{"hero: 2560 wide, webp, avif",
                              "thumb: 256 x 200, cover, jpeg, webp, quality 70",
                              "row: 90 high, avif"}));
}

CAF_TEST(one name may have a table per format) {
  CAF_CHECK_EQUAL(read("[[variants]]\nname = \"a\"\nwidth = 9\nformat = "
                       "\"webp\"\n[[variants]]\nname = \"a\"\nwidth = 9\n"
                       "format = \"avif\"\nquality = 60\n")
                    .size(),
                  2u);
}

CAF_TEST(a mistake is named with its place) {
  CAF_CHECK_EQUAL(why("widht = 3"), "x.toml:2:1: unknown key 'widht' in "
                                    "[[variants]]; did you mean 'width'?");
  CAF_CHECK_EQUAL(why("name = \"../a\""),
                  "x.toml:2:8: [[variants]] name must be a string of 1 to 32 "
                  "characters from a-z, 0-9, '-' and '_', because files are "
                  "called so");
  CAF_CHECK_EQUAL(why("name = \"a\"\nwidth = 0"),
                  "x.toml:3:9: [[variants]] width must be a whole number from "
                  "1 to 16383, without quotes");
  CAF_CHECK_EQUAL(
    why("name = \"a\"\nwidth = 1\nformat = \"gif\""),
    "x.toml:4:10: [[variants]] format must be \"webp\", \"avif\", "
    "\"jpeg\", or an array of them");
}

CAF_TEST(what cannot be made is refused) {
  for (auto text :
       {"width = 3", "name = 3", "name = \"\"", "name = \"a\"",
        "name = \"a\"\nwidth = \"3\"", "name = \"a\"\nwidth = 16384",
        "name = \"a\"\nwidth = -1", "name = \"a\"\nwidth = 1.5",
        "name = \"a\"\nwidth = 3\nfit = \"cover\"",
        "name = \"a\"\nwidth = 3\nheight = 3\nfit = \"fill\"",
        "name = \"a\"\nwidth = 3\nformat = []",
        "name = \"a\"\nwidth = 3\nformat = [3]",
        "name = \"a\"\nwidth = 3\nquality = 101",
        "name = \"a\"\nwidth = 3\n[[variants]]\nname = \"a\"\nheight = 3"})
    CAF_CHECK(!why(text).empty());
  CAF_CHECK(!read_toml("[variants]\nname = \"a\"\nwidth = 3\n", "x.toml"));
  CAF_CHECK(!read_toml("variants = []\n", "x.toml"));
  CAF_CHECK(!read_toml("variants = [3]\n", "x.toml"));
}

CAF_TEST(a file without variants keeps the three sizes) {
  scratch_folder folder;
  auto loaded_from = [&folder](const std::string& text) {
    auto path = folder / "darkroom.toml";
    test::write_file(path, text);
    load_request request;
    request.config_path = path;
    auto loaded = load_settings(request);
    CAF_REQUIRE(loaded);
    return loaded->values.imaging.variants.size();
  };
  CAF_CHECK_EQUAL(loaded_from("[http]\nport = 1\n"), 3u);
  CAF_CHECK_EQUAL(loaded_from("[[variants]]\nname = \"a\"\nwidth = 1\n"), 1u);
}
