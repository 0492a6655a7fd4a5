#define CAF_SUITE top_screen

#include "nodes/commands/top_screen.hpp"
#include "services/json/json.hpp"
#include "services/text/columns.hpp"
#include "tests/support/must.hpp"

#include <algorithm>

using namespace darkroom;

namespace {

struct top_fixture {
  top_fixture() {
    screen.see(must(parse_json(R"({
      "at": 1732560060000, "queue": "pictures", "paused": true,
      "counts": {"waiting": 2, "active": 1, "failed": 3},
      "oldestWaitingMs": 12000, "withoutNode": {"resize": 4},
      "main": {"name": "main", "url": "http://a"}, "slots": 5, "running": 1,
      "rates": {"completed": 1.25, "failed": 0, "retried": 12},
      "nodes": [{"name": "b", "state": "up", "running": 1, "concurrency": 5,
                 "processors": [{"jobId": "7", "busyMs": 1500}]},
                {"name": "a", "state": "up", "running": 0, "concurrency": 3}],
      "jobs": {"state": "active", "list": [
        {"id": "7", "name": "sleep", "processedOn": 1732560058500,
         "progress": 40}]},
      "job": {"id": "7", "name": "sleep", "data": {"a": 1}},
      "troubles": []})")));
  }

  std::string shown(size_t columns = 80, size_t lines = 24) {
    std::string out;
    for (const auto& line : screen.frame({columns, lines}))
      out += line + '\n';
    return out;
  }

  bool has(const std::string& text) {
    return shown().find(text) != std::string::npos;
  }

  void press(std::initializer_list<const char*> keys) {
    for (const auto* key : keys)
      CAF_CHECK(!screen.press(key).leaves);
  }

  top_screen screen{false};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(top_screen_tests, top_fixture)

CAF_TEST(the summary tells counts and rates and what is wrong) {
  CAF_CHECK(has("darkroom top  pictures (paused)"));
  CAF_CHECK(has("waiting 2  active 1  delayed 0"));
  CAF_CHECK(has("slots 1/5  nodes 2  done 1.2/s  failed 0.0/s  retried 12/s  "
                "oldest 12 s"));
  CAF_CHECK(has("no node runs 4 x resize"));
}

CAF_TEST(every frame has the size of its terminal) {
  for (size_t columns : {20u, 80u, 200u})
    for (size_t lines : {1u, 5u, 24u, 60u})
      for (const auto* key : {"1", "2", "3", "4", "?", "x"}) {
        screen.press(key);
        auto frame = screen.frame({columns, lines});
        CAF_CHECK_EQUAL(frame.size(), lines);
        for (auto line : frame) {
          for (const auto* code : {"\x1b[0m", "\x1b[1m", "\x1b[7m"})
            if (auto at = line.find(code); at != line.npos)
              line.erase(at, 4);
          CAF_CHECK(columns_of(line) <= columns);
        }
      }
}

CAF_TEST(a job that runs is shown with its node and its progress) {
  press({"2"});
  CAF_CHECK_EQUAL(screen.wish().state, "active");
  CAF_CHECK(has("[2 running]"));
  CAF_CHECK(has("1.5 s"));
  CAF_CHECK(has("40%"));
}

CAF_TEST(jobs of the view before are not shown as those of the next) {
  press({"3"});
  CAF_CHECK_EQUAL(screen.wish().state, "waiting");
  CAF_CHECK(!has("sleep"));
}

CAF_TEST(enter looks into a node and a job and escape goes back) {
  press({key_enter});
  CAF_CHECK(has("[node b]"));
  press({key_enter});
  CAF_CHECK_EQUAL(screen.wish().job_id, "7");
  CAF_CHECK(has("[job 7]"));
  CAF_CHECK(has("name             sleep"));
  press({key_escape});
  CAF_CHECK(has("[node b]"));
  press({key_escape, key_escape});
  CAF_CHECK(has("[1 nodes]"));
}

CAF_TEST(rows are sorted by the chosen column) {
  press({"s"});
  CAF_CHECK(has("sort: NODE"));
  auto text = shown();
  CAF_CHECK(text.find("a   ") < text.find("b   "));
  press({"r"});
  text = shown();
  CAF_CHECK(text.find("a   ") > text.find("b   "));
}

CAF_TEST(a job is cancelled only after a yes) {
  press({"2", "c"});
  CAF_CHECK(has("Cancel job 7?"));
  CAF_CHECK(screen.press("n").cancels.empty());
  CAF_CHECK(has("nothing was cancelled"));
  press({"c"});
  CAF_CHECK_EQUAL(screen.press("y").cancels, "7");
  CAF_CHECK(screen.press("y").cancels.empty());
}

CAF_TEST(a node and a failed job cannot be cancelled) {
  press({"1", "c"});
  CAF_CHECK(has("choose a running or waiting job"));
  press({"4", "c"});
  CAF_CHECK(has("choose a running or waiting job"));
}

CAF_TEST(
  before the first look and without Redis there is a frame all the same) {
  top_screen empty{true};
  CAF_CHECK_EQUAL(empty.frame({80, 24}).size(), 24u);
  empty.press("2");
  empty.press(key_enter);
  empty.press("c");
  CAF_CHECK_EQUAL(empty.frame({80, 24}).size(), 24u);
  empty.see(must(parse_json(R"({"at":0,"queue":"q","troubles":["no Redis"],
    "counts":null,"paused":null,"oldestWaitingMs":null,"withoutNode":null,
    "main":null,"nodes":null,"slots":null,"running":null,"rates":null})")));
  auto frame = empty.frame({80, 24});
  CAF_CHECK(std::any_of(frame.begin(), frame.end(), [](const auto& line) {
    return line.find("no Redis") != line.npos;
  }));
}

CAF_TEST(q leaves) {
  CAF_CHECK(screen.press("q").leaves);
  CAF_CHECK(screen.press("\x03").leaves);
}

CAF_TEST(outcomes are read from the text of the metrics) {
  auto out = outcomes_in("# HELP x\n"
                         "darkroom_jobs_settled_total{outcome=\"failed\"} 3\n"
                         "darkroom_jobs_settled_total{outcome=\"completed\"} "
                         "1.5e3\nother 1\n");
  CAF_CHECK_EQUAL(out.size(), 2u);
  CAF_CHECK_EQUAL(out["completed"], 1500);
}

CAF_TEST_FIXTURE_SCOPE_END()
