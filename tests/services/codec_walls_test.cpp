#define CAF_SUITE codec_walls

#include "services/codec/codec_client.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

const std::string built = DARKROOM_BINARY_DIR;

// The codec on a system that lacks something.
struct walls_fixture {
  scratch_folder folder;
  log_lines log;

  static codec_client::time_point soon() {
    return std::chrono::steady_clock::now() + 60s;
  }

  std::string codec_after(const std::string& before) {
    auto path = folder / "codec";
    write_file(path, "#!/bin/sh\nexec " + before + " '" + built
                       + "/darkroom-codec' \"$@\"\n");
    ::chmod(path.c_str(), 0755);
    return path;
  }

  // It lacks one wall, has the others, says so once, and works.
  void check_lacks(const std::string& wall, const std::string& before) {
    codec_client codec{{}, codec_after(before)};
    auto got = codec.sandbox(soon());
    if (!got)
      CAF_FAIL(got.error().context);
    CAF_CHECK_EQUAL(got->missing.size(), 1u);
    if (!got->missing.empty())
      CAF_CHECK_EQUAL(got->missing[0], wall);
    auto held = [&](const std::string& word) {
      return std::any_of(got->held.begin(), got->held.end(),
                         [&](auto& x) { return x.rfind(word, 0) == 0; });
    };
    CAF_CHECK(!held(wall.substr(0, 8)));
    CAF_CHECK(held("list of system calls"));
    CAF_CHECK(held("no capabilities"));
    CAF_CHECK(
      codec.variants(DARKROOM_SOURCE_DIR "/tests/pictures/tiny.jpg", soon()));
    CAF_CHECK_EQUAL(log.count(no_wall + wall), 1u);
    codec_client another{{}, folder / "codec"};
    CAF_CHECK(another.sandbox(soon()));
    CAF_CHECK_EQUAL(log.count(no_wall + wall), 1u);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_walls_tests, walls_fixture)

CAF_TEST(a kernel without Landlock costs one wall) {
  if (is_sanitized)
    return;
  check_lacks("Landlock (landlock_create_ruleset: Function not implemented)",
              "'" + built + "/sandbox_probe' without landlock_create_ruleset");
}

CAF_TEST(a root that could not kill nobody costs one wall) {
  if (is_sanitized || ::geteuid() != 0)
    return;
  check_lacks("a user of its own (root lacks CAP_KILL)",
              "setpriv --inh-caps -kill --bounding-set -kill");
}

CAF_TEST(a container without namespaces is no news) {
  if (is_sanitized)
    return;
  codec_client codec{
    {}, codec_after("'" + built + "/sandbox_probe' without unshare")};
  auto got = codec.sandbox(soon());
  if (!got)
    CAF_FAIL(got.error().context);
  for (auto& wall : got->held)
    CAF_CHECK(wall != "no network" && wall != "empty root folder");
  for (auto& wall : got->missing)
    CAF_CHECK(wall.rfind("Landlock", 0) == 0);
  CAF_CHECK(
    codec.variants(DARKROOM_SOURCE_DIR "/tests/pictures/tiny.jpg", soon()));
}

CAF_TEST(a kernel without filters of calls has no codec) {
  if (is_sanitized)
    return;
  codec_client codec{
    {}, codec_after("'" + built + "/sandbox_probe' without seccomp")};
  auto got = codec.sandbox(soon());
  CAF_REQUIRE(!got);
  CAF_CHECK_EQUAL(got.error().code, ec::codec_crashed);
  CAF_CHECK_EQUAL(log.count("codec sandbox: seccomp_"), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
