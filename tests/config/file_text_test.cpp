#define CAF_SUITE file_text

#include "config/file_text.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(all bytes of a file are read) {
  test::scratch_folder folder;
  std::string bytes(200001, 'x');
  bytes[100000] = '\0';
  folder.write("file", bytes);
  auto read = file_text(folder / "file");
  CAF_REQUIRE(read);
  CAF_CHECK(*read == bytes);
  folder.write("file", "");
  auto empty = file_text(folder / "file");
  CAF_REQUIRE(empty);
  CAF_CHECK_EQUAL(*empty, "");
}

CAF_TEST(what cannot be read is told by the reason of the system) {
  test::scratch_folder folder;
  auto why = [](const std::string& path) {
    auto read = file_text(path);
    return read ? "read" : read.error().context;
  };
  CAF_CHECK_EQUAL(why(folder.path()), "Is a directory");
  CAF_CHECK_EQUAL(why(folder / "none"), "No such file or directory");
  CAF_CHECK_EQUAL(why("/proc/self/mem"), "Input/output error");
}
