/// Run with DARKROOM_WRITE_REFERENCE=1 to bring the files up to date.
#define CAF_SUITE reference

#include "config/field.hpp"
#include "config/load.hpp"
#include "config/read_file.hpp"
#include "config/reference.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace darkroom;

namespace {

const std::string toml_path = DARKROOM_SOURCE_DIR "/config/darkroom.toml";
const std::string page_path = DARKROOM_SOURCE_DIR "/docs/configuration.md";
const std::string begin_mark
  = "<!-- begin: made from config/fields_*.cpp -->\n";
const std::string end_mark = "<!-- end -->";

std::string read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  CAF_REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write_if_asked(const std::string& path, const std::string& text) {
  if (std::getenv("DARKROOM_WRITE_REFERENCE") != nullptr)
    std::ofstream{path, std::ios::binary} << text;
}

/// The shipped file with every setting uncommented: "#key = value" loses its
/// "#", a comment "# text" stays.
std::string uncommented() {
  auto text = read(toml_path);
  for (size_t i = 0; (i = text.find("\n#", i)) != std::string::npos; ++i)
    if (i + 2 < text.size()
        && (text[i + 2] == '[' || (text[i + 2] >= 'a' && text[i + 2] <= 'z')))
      text.erase(i + 1, 1);
  return text;
}

} // namespace

CAF_TEST(the shipped file is the one made from the table) {
  write_if_asked(toml_path, reference_toml());
  CAF_CHECK(read(toml_path) == reference_toml());
}

CAF_TEST(the page of settings is the one made from the table) {
  auto page = read(page_path);
  auto begin = page.find(begin_mark);
  auto end = page.find(end_mark);
  CAF_REQUIRE(begin != std::string::npos && end != std::string::npos);
  begin += begin_mark.size();
  auto wanted = page.substr(0, begin) + '\n' + reference_markdown()
                + page.substr(end);
  write_if_asked(page_path, wanted);
  CAF_CHECK(read(page_path) == wanted);
}

CAF_TEST(the shipped file sets nothing as it is) {
  auto parsed = read_file(toml_path);
  CAF_REQUIRE(parsed);
  CAF_CHECK(parsed->assignments.empty());
  CAF_CHECK(parsed->variants.empty());
}

CAF_TEST(the uncommented file lists every setting at its default) {
  auto parsed = read_toml(uncommented(), "darkroom.toml");
  CAF_REQUIRE(parsed);
  CAF_CHECK_EQUAL(parsed->assignments.size(), all_fields().size());
  settings all;
  for (const auto& each : parsed->assignments) {
    auto row = find_field(each.key);
    CAF_REQUIRE(row);
    CAF_CHECK(write_field(**row, each.text, all));
    CAF_CHECK_EQUAL(read_field(**row, all), read_field(**row, settings{}));
  }
  CAF_REQUIRE_EQUAL(parsed->variants.size(), default_recipes.size());
  for (size_t i = 0; i < default_recipes.size(); ++i)
    CAF_CHECK_EQUAL(describe(parsed->variants[i]),
                    describe(default_recipes[i]));
}

CAF_TEST(the shipped file keeps the order of the table) {
  auto text = read(toml_path);
  size_t at = 0;
  std::string section;
  for (const auto& row : all_fields()) {
    if (row.section != section)
      at = text.find("\n[" + row.section + "]\n", at);
    section = row.section;
    CAF_REQUIRE(at != std::string::npos);
    at = text.find("\n#" + row.key + " = ", at);
    CAF_REQUIRE(at != std::string::npos);
  }
}
