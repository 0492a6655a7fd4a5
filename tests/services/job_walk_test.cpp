#define CAF_SUITE job_walk

#include "services/redis/job_walk.hpp"
#include "tests/support/admin_fixture.hpp"

#include <algorithm>

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  walk_page page(const std::string& state, uint32_t limit,
                 const std::string& cursor = {}) {
    what.state = state;
    what.limit = limit;
    what.cursor = cursor;
    return must(walk_jobs(queue, what));
  }

  static strings ids_of(const walk_page& from) {
    strings out;
    for (const auto& x : from.jobs)
      out.push_back(x.id);
    return out;
  }

  /// All pages of this size, one after the other.
  strings all(const std::string& state, uint32_t limit) {
    strings out;
    std::string cursor;
    do {
      auto got = page(state, limit, cursor);
      for (const auto& id : ids_of(got))
        out.push_back(id);
      cursor = got.next;
    } while (!cursor.empty());
    return out;
  }

  walk_request what;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_walk_tests, fixture)

CAF_TEST(pages of every size give each waiting job once in its order) {
  auto ids = add_many(7);
  for (uint32_t limit = 1; limit < 9; ++limit)
    CAF_CHECK_EQUAL(all("waiting", limit), ids);
  CAF_CHECK(all("paused", 3).empty());
  CAF_CHECK(all("failed", 3).empty());
}

CAF_TEST(an exact last page has no next) {
  add_many(4);
  CAF_CHECK(page("waiting", 4).next.empty());
  CAF_CHECK(!page("waiting", 3).next.empty());
}

CAF_TEST(jobs that are taken between two pages neither hide others nor repeat) {
  auto ids = add_many(6);
  auto first = page("waiting", 2);
  claim(1); // the first: the cursor's job still waits
  CAF_CHECK_EQUAL(ids_of(page("waiting", 2, first.next)),
                  (strings{ids[2], ids[3]}));
  claim(2); // the cursor's job runs, too
  CAF_CHECK_EQUAL(ids_of(page("waiting", 2, first.next)),
                  (strings{ids[3], ids[4]}));
}

CAF_TEST(jobs that end between two pages of the failed ones do not shift them) {
  strings ids;
  for (auto i = 0; i < 5; ++i) {
    ids.insert(ids.begin(), dead());
    now += 10;
  }
  auto first = page("failed", 2);
  CAF_CHECK_EQUAL(ids_of(first), (strings{ids[0], ids[1]}));
  dead();
  CAF_CHECK_EQUAL(ids_of(page("failed", 2, first.next)),
                  (strings{ids[2], ids[3]}));
}

CAF_TEST(jobs that ended in one millisecond come once each) {
  for (auto i = 0; i < 7; ++i)
    dead();
  for (uint32_t limit = 1; limit < 9; ++limit) {
    auto got = all("failed", limit);
    CAF_CHECK_EQUAL(got.size(), 7u);
    std::sort(got.begin(), got.end());
    CAF_CHECK(std::unique(got.begin(), got.end()) == got.end());
  }
}

CAF_TEST(filters look at name and failure and image and time) {
  auto x = plain();
  x.name = "other";
  x.data = R"({"imageId":"img-1"})";
  auto first = dead(x, "disk full");
  now += 1000;
  auto second = dead(plain(), "the upstream timed out");
  what.filter.name = "other";
  CAF_CHECK_EQUAL(all("failed", 5), strings{first});
  what.filter.name.clear();
  what.filter.image_id = "img-1";
  CAF_CHECK_EQUAL(all("failed", 5), strings{first});
  what.filter.image_id = "img";
  CAF_CHECK(all("failed", 5).empty());
  what.filter.image_id.clear();
  must(what.filter.set_error("TIMED"));
  CAF_CHECK_EQUAL(all("failed", 5), strings{second});
  must(what.filter.set_error(""));
  what.filter.newer_than = now;
  CAF_CHECK_EQUAL(all("failed", 5), strings{second});
  what.filter.newer_than = 0;
  what.filter.older_than = now - 1;
  CAF_CHECK_EQUAL(all("failed", 5), strings{first});
}

CAF_TEST(a page ends after ten thousand jobs that do not fit) {
  std::vector<new_job> many(10100, plain());
  must(queue.add(many, now));
  auto x = plain();
  x.name = "other";
  auto id = add(x);
  what.filter.name = "other";
  auto got = page("waiting", 5);
  CAF_CHECK(got.jobs.empty());
  CAF_CHECK_EQUAL(got.read, 10000u);
  CAF_CHECK_EQUAL(ids_of(page("waiting", 5, got.next)), strings{id});
}

CAF_TEST(prioritized and delayed and active jobs come in their order) {
  auto low = add(ranked(5));
  auto high = add(ranked(1));
  CAF_CHECK_EQUAL(all("prioritized", 1), (strings{high, low}));
  auto later = add(delayed(9000));
  auto sooner = add(delayed(1000));
  CAF_CHECK_EQUAL(all("delayed", 1), (strings{sooner, later}));
  claim(2);
  CAF_CHECK_EQUAL(all("active", 1).size(), 2u);
}

CAF_TEST(a cursor or a state that is none is refused) {
  what.state = "waiting";
  for (auto odd : {"x", "1", ":", "x:1", "1x:2"}) {
    what.cursor = odd;
    CAF_CHECK(refused(walk_jobs(queue, what)).code == ec::bad_input);
  }
  what.cursor.clear();
  what.state = "lost";
  CAF_CHECK(refused(walk_jobs(queue, what)).code == ec::bad_input);
}

CAF_TEST_FIXTURE_SCOPE_END()
