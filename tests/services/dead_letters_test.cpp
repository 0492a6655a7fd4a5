#define CAF_SUITE dead_letters

#include "services/redis/dead_letters.hpp"
#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  strings fitting(const job_filter& filter, bool newest_first = false) {
    strings out;
    must(each_dead(admin, filter, newest_first, now, [&](const stored_job& x) {
      out.push_back(x.id);
      return result<visited>{visited::kept};
    }));
    return out;
  }

  strings with_error(const std::string& text) {
    job_filter filter;
    must(filter.set_error(text));
    return fitting(filter);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dead_letters_tests, fixture)

CAF_TEST(dead letters are found by a part of their failure) {
  dead(plain(), "The upstream Timed out");
  dead(plain(), "disk full");
  CAF_CHECK_EQUAL(with_error("timed OUT"), strings{"1"});
  CAF_CHECK_EQUAL(with_error("/^disk .u/"), strings{"2"});
  CAF_CHECK_EQUAL(with_error("/^full/"), strings{});
  CAF_CHECK_EQUAL(with_error(""), (strings{"1", "2"}));
  CAF_CHECK_EQUAL(with_error("/"), strings{});
}

CAF_TEST(an expression that is none is refused) {
  job_filter filter;
  auto why = refused(filter.set_error("/(/"));
  CAF_CHECK(why.code == ec::bad_input);
  CAF_CHECK(has(why.context, "/(/"));
}

CAF_TEST(dead letters are found by name and time in either order) {
  auto x = plain();
  x.name = "other";
  dead();
  now += 10;
  dead(x);
  now += 10;
  dead();
  job_filter filter;
  filter.name = "echo";
  CAF_CHECK_EQUAL(fitting(filter, true), (strings{"3", "1"}));
  filter.name.clear();
  filter.older_than = now - 10;
  CAF_CHECK_EQUAL(fitting(filter), (strings{"1", "2"}));
  filter.newer_than = now - 10;
  CAF_CHECK_EQUAL(fitting(filter), strings{"2"});
}

CAF_TEST(all are visited while every other one goes) {
  for (int i = 0; i < 450; ++i)
    dead();
  int seen = 0;
  must(each_dead(admin, {}, false, now, [&](const stored_job& x) {
    if (++seen % 2 == 0)
      return result<visited>{visited::kept};
    must(admin.retry(x.id, true, now));
    return result<visited>{visited::gone};
  }));
  CAF_CHECK_EQUAL(seen, 450);
  CAF_CHECK_EQUAL(members("failed").size(), 225u);
}

CAF_TEST(what dies meanwhile is not visited again) {
  dead();
  now += 5;
  auto until = now;
  int seen = 0;
  must(each_dead(admin, {}, false, until, [&](const stored_job& x) {
    ++seen;
    ++now;
    must(admin.retry(x.id, true, now));
    settle(failed(claim_all().jobs.at(0)));
    return result<visited>{visited::gone};
  }));
  CAF_CHECK_EQUAL(seen, 1);
  CAF_CHECK_EQUAL(members("failed"), strings{"1"});
}

CAF_TEST(a walk ends where no more are wanted or an error comes) {
  dead();
  dead();
  int seen = 0;
  must(each_dead(admin, {}, false, now, [&](const stored_job&) {
    ++seen;
    return result<visited>{visited::last};
  }));
  CAF_CHECK_EQUAL(seen, 1);
  auto why = refused(each_dead(admin, {}, false, now, [](const stored_job&) {
    return result<visited>{fail(ec::internal, "no")};
  }));
  CAF_CHECK(why.code == ec::internal);
}

CAF_TEST_FIXTURE_SCOPE_END()
