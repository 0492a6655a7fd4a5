#define CAF_SUITE kept_results

#include "actors/kept_results.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

outcome result_of(const std::string& id) {
  outcome out;
  out.job_id = id;
  return out;
}

part_note failure_of(const std::string& image_id) {
  part_note out;
  out.image_id = image_id;
  return out;
}

struct fixture {
  kept_results kept;

  /// A commit without an answer, which is tried again later.
  void fail_commit(const std::string& id) {
    kept.lose_commit();
    kept.keep_uncommitted(result_of(id));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kept_results_tests, fixture)

CAF_TEST(at first nothing is kept and nothing held up) {
  CAF_CHECK(!kept.take_early("1"));
  CAF_CHECK(kept.take_uncommitted().empty());
  CAF_CHECK(kept.take_untold().empty());
  CAF_CHECK(!kept.are_held_up());
  CAF_CHECK(kept.is_all_told());
}

CAF_TEST(an early result is handed out once and under its own key) {
  kept.keep_early("a", result_of("1"));
  kept.keep_early("b", result_of("2"));
  CAF_CHECK(!kept.take_early("c"));
  auto got = kept.take_early("a");
  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->job_id, "1");
  CAF_CHECK(!kept.take_early("a"));
  auto other = kept.take_early("b");
  CAF_REQUIRE(other);
  CAF_CHECK_EQUAL(other->job_id, "2");
}

CAF_TEST(of two early results of one lease the first one counts) {
  kept.keep_early("a", result_of("1"));
  kept.keep_early("a", result_of("2"));
  auto first = kept.take_early("a");
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->job_id, "1");
  CAF_CHECK(!kept.take_early("a"));
}

CAF_TEST(results without an answer are handed out in order and once) {
  kept.begin_commit();
  kept.begin_commit();
  fail_commit("1");
  fail_commit("2");
  auto got = kept.take_uncommitted();
  CAF_REQUIRE_EQUAL(got.size(), 2u);
  CAF_CHECK_EQUAL(got[0].job_id, "1");
  CAF_CHECK_EQUAL(got[1].job_id, "2");
  CAF_CHECK(kept.take_uncommitted().empty());
}

CAF_TEST(a commit on its way holds up nothing) {
  kept.begin_commit();
  CAF_CHECK(!kept.are_held_up());
  kept.end_commit();
  CAF_CHECK(!kept.are_held_up());
}

CAF_TEST(a single commit without an answer holds up nothing) {
  kept.begin_commit();
  fail_commit("1");
  CAF_CHECK(!kept.are_held_up());
  kept.take_uncommitted();
  kept.begin_commit(); // again, and alone
  fail_commit("1");
  CAF_CHECK(!kept.are_held_up());
}

CAF_TEST(two commits without an answer mean that the catalog is away) {
  kept.begin_commit();
  kept.begin_commit();
  kept.lose_commit(); // another one is on its way
  CAF_CHECK(kept.are_held_up());
  kept.keep_uncommitted(result_of("1"));
  fail_commit("2");
  CAF_CHECK(kept.are_held_up());
}

CAF_TEST(results stay held up while they are tried again) {
  kept.begin_commit();
  kept.begin_commit();
  fail_commit("1");
  fail_commit("2");
  for (size_t i = kept.take_uncommitted().size(); i > 0; --i)
    kept.begin_commit();
  CAF_CHECK(kept.are_held_up());
}

CAF_TEST(one answer of the catalog ends the hold) {
  kept.begin_commit();
  kept.begin_commit();
  fail_commit("1");
  CAF_CHECK(kept.are_held_up());
  kept.end_commit();
  CAF_CHECK(!kept.are_held_up());
  CAF_CHECK_EQUAL(kept.take_uncommitted().size(), 1u);
}

CAF_TEST(nothing is held up once no result waits) {
  kept.begin_commit();
  kept.begin_commit();
  kept.lose_commit(); // not kept: its job goes back
  CAF_CHECK(kept.are_held_up());
  kept.lose_commit();
  CAF_CHECK(!kept.are_held_up());
}

CAF_TEST(an early result is held up too while the catalog is away) {
  kept.begin_commit();
  kept.begin_commit();
  kept.lose_commit();
  kept.keep_uncommitted(result_of("1"));
  kept.lose_commit();
  kept.take_uncommitted(); // both jobs go back
  CAF_CHECK(!kept.are_held_up());
  kept.keep_early("a", result_of("3"));
  CAF_CHECK(kept.are_held_up());
  kept.take_early("a");
  CAF_CHECK(!kept.are_held_up());
}

CAF_TEST(all failures are told once the catalog has answered for each) {
  kept.begin_note();
  kept.begin_note();
  CAF_CHECK(!kept.is_all_told());
  kept.end_note();
  CAF_CHECK(!kept.is_all_told());
  kept.end_note();
  CAF_CHECK(kept.is_all_told());
}

CAF_TEST(a failure that the catalog did not hear of is kept) {
  kept.begin_note();
  kept.keep_untold(failure_of("cat"));
  kept.end_note();
  CAF_CHECK(!kept.is_all_told());
  auto again = kept.take_untold();
  CAF_REQUIRE_EQUAL(again.size(), 1u);
  CAF_CHECK_EQUAL(again[0].image_id, "cat");
  CAF_CHECK(kept.is_all_told());
}

CAF_TEST_FIXTURE_SCOPE_END()
