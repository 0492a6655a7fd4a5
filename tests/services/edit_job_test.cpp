#define CAF_SUITE edit_job

#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  std::string field(const std::string& id, const std::string& name) {
    return must(queue.field(id, name));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(edit_job_tests, fixture)

CAF_TEST(data of a waiting job change and it keeps its place) {
  auto ids = add_many(2);
  must(admin.edit(ids[0], {R"({"b":2})", {}, {}}, now));
  CAF_CHECK_EQUAL(field(ids[0], "data"), R"({"b":2})");
  CAF_CHECK_EQUAL(claim(2), ids);
}

CAF_TEST(a job moves between the lines as its priority changes) {
  auto ids = add_many(2);
  must(admin.edit(ids[0], {{}, 3, {}}, now));
  CAF_CHECK_EQUAL(must(queue.counts()).prioritized, 1u);
  must(admin.edit(ids[0], {{}, 0, {}}, now));
  CAF_CHECK_EQUAL(must(queue.counts()).prioritized, 0u);
  CAF_CHECK_EQUAL(claim(2), (strings{ids[1], ids[0]}));
}

CAF_TEST(a delay counts from now and only for a delayed job) {
  auto id = add(delayed(60000));
  must(admin.edit(id, {{}, {}, 1000}, now));
  CAF_CHECK(claim().empty());
  now += 1000;
  CAF_CHECK_EQUAL(claim(), strings{id});
  auto waiting = add(plain());
  CAF_CHECK(refused(admin.edit(waiting, {"{}", 4, 10}, now)).code
            == ec::conflict);
  CAF_CHECK_EQUAL(field(waiting, "priority"), "0");
}

CAF_TEST(a job that runs or has ended or does not exist stays) {
  auto job = started();
  job_edit what{R"({"b":2})", {}, {}};
  CAF_CHECK(refused(admin.edit(job.id, what, now)).code == ec::conflict);
  settle(completed(job));
  CAF_CHECK(refused(admin.edit(job.id, what, now)).code == ec::conflict);
  CAF_CHECK(refused(admin.edit("none", what, now)).code == ec::not_found);
  CAF_CHECK(refused(admin.edit("meta", what, now)).code == ec::not_found);
}

CAF_TEST(limits of the fleet are set and taken away) {
  must(admin.set_limits({2, 10, 1000}));
  auto facts = must(admin.facts());
  CAF_CHECK_EQUAL(facts.concurrency, 2u);
  CAF_CHECK_EQUAL(facts.limit_max, 10u);
  CAF_CHECK_EQUAL(facts.limit_window, 1000);
  must(admin.set_limits({}));
  facts = must(admin.facts());
  CAF_CHECK_EQUAL(facts.concurrency, 0u);
  CAF_CHECK_EQUAL(facts.limit_max, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
