/// Lists of jobs of one state or of all.
#define CAF_SUITE job_page

#include "services/redis/job_page.hpp"
#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

namespace {

struct page_fixture : admin_fixture {
  page_fixture() {
    dead();
    add(plain());
    add(delayed(90));
    add(plain());
  }

  strings page(const std::string& state, uint64_t offset = 0,
               uint32_t limit = 10) {
    auto found = must(list_jobs(queue, state, offset, limit));
    total = found.total;
    strings out;
    for (const auto& x : found.jobs)
      out.push_back(x.job.id + " " + x.state);
    return out;
  }

  uint64_t total = 0;
};

const strings all{"2 waiting", "4 waiting", "3 delayed", "1 failed"};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_page_tests, page_fixture)

CAF_TEST(all states are listed from what waits to what has ended) {
  CAF_CHECK_EQUAL(page("all"), all);
  CAF_CHECK_EQUAL(total, 4u);
}

CAF_TEST(pages of all states leave out and repeat nothing) {
  for (uint32_t size = 1; size < 6; ++size) {
    strings seen;
    for (uint64_t at = 0; at < all.size(); at += size)
      for (auto& x : page("all", at, size))
        seen.push_back(std::move(x));
    CAF_CHECK_EQUAL(seen, all);
    CAF_CHECK_EQUAL(total, 4u);
  }
  CAF_CHECK(page("all", 4).empty());
}

CAF_TEST(wait and paused are those that wait) {
  CAF_CHECK_EQUAL(page("wait", 1), strings{"4 waiting"});
  CAF_CHECK_EQUAL(total, 2u);
  CAF_CHECK(page("paused").empty());
  CAF_CHECK_EQUAL(total, 0u);
  must(queue.set_paused(true));
  CAF_CHECK_EQUAL(page("paused"), (strings{"2 waiting", "4 waiting"}));
}

CAF_TEST(a job that was there already is counted) {
  auto x = plain();
  x.id = "mine";
  add(x);
  CAF_CHECK_EQUAL(queue.existed(), 0u);
  CAF_CHECK_EQUAL(must(queue.add({x, plain(), x}, now)),
                  (strings{"mine", "7", "mine"}));
  CAF_CHECK_EQUAL(queue.existed(), 2u);
}

CAF_TEST(a queue that is not there is refused with the one that was meant) {
  must(admin.require_queue());
  auto near = settings;
  near.name = settings.name + "x";
  queue_admin other{test::shared_redis().settings(), near};
  auto why = refused(other.require_queue());
  CAF_CHECK(why.code == ec::not_found);
  CAF_CHECK(has(why.context, "no queue '" + near.name + "'"));
}

CAF_TEST_FIXTURE_SCOPE_END()
