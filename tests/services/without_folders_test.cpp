#define CAF_SUITE without_folders

#include "services/text/without_folders.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

std::string without(const std::string& text) {
  return without_folders(text, {"/srv", "/srv/uploads", "uploads", "", "/"});
}

} // namespace

CAF_TEST(paths are relative to the innermost folder) {
  CAF_CHECK_EQUAL(without("cannot open '/srv/uploads/a/b.jpg': no"),
                  "cannot open 'a/b.jpg': no");
  CAF_CHECK_EQUAL(without("/srv/x.db"), "x.db");
  CAF_CHECK_EQUAL(without("'/srv/uploads/a' to '/srv/uploads/b'"),
                  "'a' to 'b'");
}

CAF_TEST(a folder itself keeps its name) {
  CAF_CHECK_EQUAL(without("folder '/srv/uploads': denied"),
                  "folder 'uploads': denied");
  CAF_CHECK_EQUAL(without("/srv"), "srv");
}

CAF_TEST(other paths stay) {
  for (auto text : {"/etc/passwd", "/srv-2/a", "/srv/uploads2", "/mnt/srv/a",
                    "x/srv/a", "uploads/a", "/", ""}) {
    auto left = std::string{text} == "/srv/uploads2" ? "uploads2" : text;
    CAF_CHECK_EQUAL(without(text), left);
  }
}
