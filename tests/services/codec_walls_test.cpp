#define CAF_SUITE codec_walls

#include "services/codec/codec_client.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

const std::string built = DARKROOM_BINARY_DIR;
const std::string picture = DARKROOM_SOURCE_DIR "/tests/pictures/tiny.jpg";

codec_client::time_point in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// The codec as it is.
struct confined_fixture {
  codec_client codec{{}, built + "/darkroom-codec"};

  void check_works() {
    auto facts = codec.analyse(picture, in(30s));
    if (!facts)
      CAF_FAIL(facts.error().context);
  }
};

// The codec on a system that lacks something.
struct walls_fixture {
  scratch_folder folder;
  log_lines log;

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
    auto got = codec.sandbox(in(60s));
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
    CAF_CHECK(codec.variants(picture, in(60s)));
    CAF_CHECK_EQUAL(log.count(no_wall + wall), 1u);
    codec_client another{{}, folder / "codec"};
    CAF_CHECK(another.sandbox(in(60s)));
    CAF_CHECK_EQUAL(log.count(no_wall + wall), 1u);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_confined_tests, confined_fixture)

CAF_TEST(the child has no secrets and no privileges) {
  ::setenv("DARKROOM_TEST_SECRET", "hush", 1);
  check_works();
  auto child = codec.child();
  auto proc = "/proc/" + std::to_string(child);
  CAF_CHECK(read_file(proc + "/environ").find("hush") == std::string::npos);
  if (::geteuid() == 0) { // nobody else looks into it
    auto files
      = std::distance(std::filesystem::directory_iterator{proc + "/fd"},
                      std::filesystem::directory_iterator{});
    CAF_CHECK_EQUAL(files, 4); // three standard ones and the channel
    CAF_CHECK_EQUAL(std::filesystem::read_symlink(proc + "/cwd").string(), "/");
    auto words = std::filesystem::read_symlink(proc + "/fd/2").string();
    CAF_CHECK_EQUAL(words.substr(0, 5), "pipe:");
  }
  CAF_CHECK_EQUAL(status_of(child, "NoNewPrivs"), 1);
  CAF_CHECK(is_sanitized || status_of(child, "Seccomp") == 2);
}

CAF_TEST(every thread of the child is as shut in as the first) {
  if (is_sanitized)
    return;
  auto six = codec.variants(picture, in(30s));
  CAF_REQUIRE(six);
  auto tasks = "/proc/" + std::to_string(codec.child()) + "/task";
  auto count = 0;
  for (auto& task : std::filesystem::directory_iterator{tasks}) {
    auto text = read_file(task.path() / "status");
    if (text.empty())
      continue; // it has just ended
    ++count;
    for (auto line : {"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000",
                      "CapEff:\t0000000000000000", "CapAmb:\t0000000000000000",
                      "NoNewPrivs:\t1", "Seccomp:\t2"})
      CAF_CHECK(text.find(line) != std::string::npos);
    if (::geteuid() == 0)
      for (auto line : {"Uid:\t65534\t65534\t65534\t65534",
                        "Gid:\t65534\t65534\t65534\t65534", "Groups:\t \n",
                        "CapBnd:\t0000000000000000"})
        CAF_CHECK(text.find(line) != std::string::npos);
  }
  CAF_CHECK(count > 1);
}

CAF_TEST(the child has hard limits) {
  check_works();
  auto limits = read_file("/proc/" + std::to_string(codec.child()) + "/limits");
  auto hard = [&](const std::string& name) {
    auto at = limits.find(name);
    CAF_REQUIRE(at != std::string::npos);
    return std::stol(limits.substr(at + 47, 20)); // "unlimited" throws
  };
  CAF_CHECK_EQUAL(hard("Max cpu time"), 86400);
  CAF_CHECK_EQUAL(hard("Max file size"), 0);
  CAF_CHECK_EQUAL(hard("Max core file size"), 0);
  CAF_CHECK_EQUAL(hard("Max open files"), 16);
  CAF_CHECK(hard("Max processes") <= 8192);
  CAF_CHECK(is_sanitized || hard("Max address space") == 1610612736);
}

CAF_TEST(the child tells what holds of its sandbox) {
  auto got = codec.sandbox(in(10s));
  if (!got)
    CAF_FAIL(got.error().context);
  auto holds = [&](const std::string& wall) {
    return std::find(got->held.begin(), got->held.end(), wall)
           != got->held.end();
  };
  CAF_CHECK(holds("hard limits"));
  CAF_CHECK_EQUAL(holds("list of system calls"), !is_sanitized);
  CAF_CHECK_EQUAL(holds("no capabilities"), !is_sanitized);
  check_works();
}

CAF_TEST_FIXTURE_SCOPE_END()

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
  auto got = codec.sandbox(in(60s));
  if (!got)
    CAF_FAIL(got.error().context);
  for (auto& wall : got->held)
    CAF_CHECK(wall != "no network" && wall != "empty root folder");
  for (auto& wall : got->missing)
    CAF_CHECK(wall.rfind("Landlock", 0) == 0);
  CAF_CHECK(codec.variants(picture, in(60s)));
}

CAF_TEST(a kernel without filters of calls has no codec) {
  if (is_sanitized)
    return;
  codec_client codec{
    {}, codec_after("'" + built + "/sandbox_probe' without seccomp")};
  auto got = codec.sandbox(in(60s));
  CAF_REQUIRE(!got);
  CAF_CHECK_EQUAL(got.error().code, ec::codec_crashed);
  CAF_CHECK_EQUAL(log.count("codec sandbox: seccomp_"), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
