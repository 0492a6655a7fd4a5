#define CAF_SUITE codec_child

#include "services/codec/codec_client.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

// Shell scripts in place of the codec program.
struct script_fixture {
  scratch_folder folder;
  log_lines log;

  std::string script(const std::string& body) {
    write_file(folder / "codec", "#!/bin/sh\n" + body);
    ::chmod((folder / "codec").c_str(), 0755);
    return folder / "codec";
  }

  // What a request makes of a codec that does this.
  error ask(const std::string& body) {
    codec_client codec{{}, script(body)};
    auto got = codec.hang(std::chrono::steady_clock::now() + 20s);
    CAF_REQUIRE(!got);
    return std::move(got.error());
  }
};

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_child_tests, script_fixture)

CAF_TEST(what a child says is logged line by line) {
  auto why = ask("echo 'malloc(): broken' >&2; echo again >&2; exit 3");
  CAF_CHECK_EQUAL(why.code, ec::codec_crashed);
  CAF_CHECK(has(why.context, "exited with status 3"));
  CAF_CHECK_EQUAL(log.count(": malloc(): broken\n"), 1u);
  CAF_CHECK_EQUAL(log.count(": again\n"), 1u);
}

CAF_TEST(what a child says cannot forge lines) {
  ask("printf 'a\\r\\n\\033[2J\\342\\200\\256b\\n\\000' >&2; exit 3");
  CAF_CHECK_EQUAL(log.count(": a\\r\n"), 1u);
  CAF_CHECK_EQUAL(log.count(": \\x1b[2J\\u{202e}b\n"), 1u);
  CAF_CHECK_EQUAL(log.count(": \\x00\n"), 1u);
}

CAF_TEST(a child that says too much waits for nobody and fills no log) {
  auto why = ask("yes | head -c 10000000 >&2; "
                 "head -c 10000000 /dev/zero >&2; exit 4");
  CAF_CHECK_EQUAL(why.code, ec::codec_crashed);
  CAF_CHECK(has(why.context, "exited with status 4"));
  CAF_CHECK_EQUAL(log.count("codec process "), max_words_lines + 1);
  CAF_CHECK_EQUAL(log.count("more bytes\n"), 1u);
}

CAF_TEST(a wall that the system lacks is told once) {
  auto says = std::string{"echo \""} + no_wall + "moat ($0)\" >&2; exit 5";
  ask(says);
  ask(says);
  CAF_CHECK_EQUAL(log.count("without moat"), 1u);
}

CAF_TEST(a child that the filter killed is told so) {
  auto why = ask("kill -SYS $$");
  CAF_CHECK_EQUAL(why.code, ec::codec_crashed);
  CAF_CHECK(has(why.context, "died of SIGSYS"));
  CAF_CHECK(has(why.context, "it tried what its sandbox forbids"));
}

CAF_TEST(the pipe is whole where standard descriptors are shut) {
  auto kept = ::fcntl(0, F_DUPFD_CLOEXEC, 10);
  ::close(0); // the channel's end becomes 0
  ask("echo here >&2; exit 3");
  ::dup2(kept, 0);
  ::close(kept);
  CAF_CHECK_EQUAL(log.count(": here\n"), 1u);
}

CAF_TEST(a child that has used half of its CPU is replaced) {
  // It burns until it is stopped.
  auto burns = script("while :; do :; done");
  codec_child child;
  CAF_REQUIRE(child.start(burns, {.memory_bytes = 1, .cpu = 1000s}));
  CAF_CHECK(child.is_fit());
  child.kill();
  child.stop();
  CAF_REQUIRE(child.start(burns, {.memory_bytes = 1, .cpu = 2s}));
  auto end = std::chrono::steady_clock::now() + 60s;
  while (child.is_fit() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(10ms);
  CAF_CHECK(!child.is_fit());
  CAF_CHECK_EQUAL(::kill(child.pid(), 0), 0); // it runs all the same
  child.kill();
  CAF_CHECK_EQUAL(child.stop().signal, SIGKILL);
}

CAF_TEST(lines are bounded one by one and in all) {
  using lines = std::vector<std::string>;
  auto whole = std::string(max_words_line, 'x');
  CAF_CHECK(lines_of("").empty());
  CAF_CHECK(lines_of("\n\n").empty());
  CAF_CHECK(lines_of(whole + "\n") == lines{whole});
  CAF_CHECK((lines_of(whole + "x\ny") == lines{whole + "...", "y"}));
  std::string many;
  for (size_t i = 0; i < max_words_lines; ++i)
    many += "x\n";
  CAF_CHECK(lines_of(many) == lines(max_words_lines, "x"));
  auto more = lines_of(many + "abc");
  CAF_CHECK_EQUAL(more.size(), max_words_lines + 1);
  CAF_CHECK(more.back() == "... and 3 more bytes");
}

CAF_TEST_FIXTURE_SCOPE_END()
