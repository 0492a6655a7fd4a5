#define CAF_SUITE dashboard

#include "nodes/dashboard/dashboard.hpp"
#include "tests/support/test.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace darkroom;

CAF_TEST(every file of the page is embedded byte for byte) {
  namespace fs = std::filesystem;
  auto found = 0;
  for (const auto& entry :
       fs::directory_iterator{DARKROOM_SOURCE_DIR "/nodes/dashboard"}) {
    auto kind = entry.path().extension();
    if (kind != ".html" && kind != ".js" && kind != ".css" && kind != ".svg")
      continue;
    std::ifstream in{entry.path(), std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    auto file = find_dashboard_file(entry.path().filename().string());
    CAF_REQUIRE(file);
    CAF_CHECK(!content.empty() && file->content == content);
    ++found;
  }
  CAF_CHECK_GREATER(found, 30);
}

CAF_TEST(files have the types that a browser insists on) {
  CAF_CHECK(find_dashboard_file("index.html")->type.starts_with("text/html"));
  CAF_CHECK(find_dashboard_file("app.js")->type.starts_with("text/javascript"));
  CAF_CHECK(find_dashboard_file("style.css")->type.starts_with("text/css"));
  auto icon = find_dashboard_file("icon.svg");
  CAF_REQUIRE(icon);
  CAF_CHECK(icon->type == "image/svg+xml");
}

CAF_TEST(the page names only files that exist) {
  std::string_view page = find_dashboard_file("index.html")->content;
  constexpr std::string_view folder = "\"/assets/";
  auto names = 0;
  for (auto at = page.find(folder); at != page.npos;
       at = page.find(folder, at + 1)) {
    auto begin = at + folder.size();
    auto name = page.substr(begin, page.find('"', begin) - begin);
    CAF_CHECK(find_dashboard_file(name));
    ++names;
  }
  CAF_CHECK_GREATER(names, 3);
  CAF_CHECK(!find_dashboard_file("THIRD_PARTY.md"));
  CAF_CHECK(!find_dashboard_file(""));
}
