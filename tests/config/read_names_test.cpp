#define CAF_SUITE read_names

#include "config/app_columns.hpp"
#include "config/read_file.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

result<file_settings> read(const std::string& names) {
  return read_toml("[catalog]\ntables = \"adopt\"\n[catalog.names]\n" + names,
                   "a.toml");
}

} // namespace

CAF_TEST(names are read as they stand) {
  auto file = must(read("images = \"Image\"\n\"images.error\" = \"\"\n"));
  CAF_CHECK_EQUAL(file.catalog_names.at("images"), "Image");
  CAF_CHECK_EQUAL(file.catalog_names.at("images.error"), "");
  CAF_CHECK_EQUAL(file.assignments.size(), 1u);
}

CAF_TEST(what is no name is refused with its place) {
  auto why = refused(read("image = \"Image\"\n"));
  CAF_CHECK_EQUAL(why.context, "a.toml:4:1: unknown key 'image' in "
                               "[catalog.names]; did you mean 'images'?");
  CAF_CHECK(has(refused(read("images = 1\n")).context, "must be a string"));
  CAF_CHECK(has(refused(read("images = \"\"\n")).context, "must not be empty"));
  CAF_CHECK(has(refused(read("images.error = \"x\"\n")).context,
                "\"images.column\" in quotes"));
  CAF_CHECK(has(refused(read_toml("catalog.names = 1", "a.toml")).context,
                "is a section"));
}

CAF_TEST(camel case is the other spelling) {
  CAF_CHECK_EQUAL(camel_case("detailed_description"), "detailedDescription");
  CAF_CHECK_EQUAL(camel_case("id"), "id");
}
