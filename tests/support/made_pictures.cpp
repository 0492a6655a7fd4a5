#include "tests/support/made_pictures.hpp"

#include "tests/support/test.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace darkroom::test {

made_pictures::made_pictures(const std::string& script) {
  auto tool = DARKROOM_SOURCE_DIR "/tests/pictures/" + script;
  auto command = "python3 '" + tool + "' '" + path() + "'";
  CAF_REQUIRE_EQUAL(std::system(command.c_str()), 0);
}

std::vector<std::string> made_pictures::named(const std::string& begin) const {
  std::vector<std::string> found;
  for (auto& x : std::filesystem::directory_iterator{path()})
    if (x.path().filename().string().compare(0, begin.size(), begin) == 0)
      found.push_back(x.path());
  CAF_REQUIRE(!found.empty());
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace darkroom::test
