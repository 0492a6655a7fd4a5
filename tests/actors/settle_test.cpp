#define CAF_SUITE settle

#include "actors/settle.hpp"
#include "tests/support/test.hpp"

#include <random>

using namespace darkroom;

namespace {

job a_job(uint32_t attempts, uint32_t made) {
  job x;
  x.id = "7";
  x.token = "t:1";
  x.attempt = made + 1;
  x.attempts_made = made;
  x.options.attempts = attempts;
  x.options.on_complete.count = 11;
  x.options.on_fail.count = 22;
  return x;
}

outcome ended(outcome_kind kind, const std::string& reason = "why") {
  outcome x;
  x.kind = kind;
  x.reason = reason;
  return x;
}

settlement settle(const job& ran, const outcome& x) {
  return settle(ran, x, worker_settings{}, 0.5);
}

settle_kind kind_of(uint32_t attempts, uint32_t made, outcome_kind kind) {
  return settle(a_job(attempts, made), ended(kind)).kind;
}

} // namespace

CAF_TEST(the table holds with attempts left) {
  CAF_CHECK(kind_of(3, 0, outcome_kind::completed) == settle_kind::complete);
  CAF_CHECK(kind_of(3, 0, outcome_kind::failed) == settle_kind::retry_now);
  CAF_CHECK(kind_of(3, 0, outcome_kind::refused) == settle_kind::fail);
  CAF_CHECK(kind_of(3, 0, outcome_kind::throttled) == settle_kind::postpone);
  CAF_CHECK(kind_of(3, 0, outcome_kind::returned) == settle_kind::give_back);
}

CAF_TEST(the table holds with none left) {
  CAF_CHECK(kind_of(3, 2, outcome_kind::completed) == settle_kind::complete);
  CAF_CHECK(kind_of(3, 2, outcome_kind::failed) == settle_kind::fail);
  CAF_CHECK(kind_of(3, 2, outcome_kind::refused) == settle_kind::fail);
  CAF_CHECK(kind_of(3, 2, outcome_kind::throttled) == settle_kind::postpone);
  CAF_CHECK(kind_of(3, 2, outcome_kind::returned) == settle_kind::give_back);
}

CAF_TEST(zero attempts mean one) {
  CAF_CHECK(kind_of(0, 0, outcome_kind::failed) == settle_kind::fail);
  CAF_CHECK(kind_of(1, 0, outcome_kind::failed) == settle_kind::fail);
}

CAF_TEST(the last of three attempts is final and none before it) {
  CAF_CHECK(kind_of(3, 0, outcome_kind::failed) == settle_kind::retry_now);
  CAF_CHECK(kind_of(3, 1, outcome_kind::failed) == settle_kind::retry_now);
  CAF_CHECK(kind_of(3, 2, outcome_kind::failed) == settle_kind::fail);
  CAF_CHECK(kind_of(3, 3, outcome_kind::failed) == settle_kind::fail);
}

CAF_TEST(a settlement names its job and its attempt) {
  auto ran = a_job(3, 1);
  ran.options.stack_trace_limit = 4;
  auto out = settle(ran, ended(outcome_kind::failed));
  CAF_CHECK_EQUAL(out.job_id, "7");
  CAF_CHECK_EQUAL(out.token, "t:1");
  CAF_CHECK_EQUAL(out.attempt, 2u);
  CAF_CHECK_EQUAL(out.max_attempts, 3u);
  CAF_CHECK_EQUAL(out.stack_trace_limit, 4);
  CAF_CHECK_EQUAL(out.value, "why");
}

CAF_TEST(a completed job keeps its value and its chained jobs) {
  auto x = ended(outcome_kind::completed);
  x.value = R"({"a":1})";
  x.chained.push_back({"next", "{}", "{}", "", 0, 0, false});
  auto out = settle(a_job(1, 0), x);
  CAF_CHECK_EQUAL(out.value, R"({"a":1})");
  CAF_CHECK_EQUAL(out.keep.count, 11);
  CAF_REQUIRE_EQUAL(out.chained.size(), 1u);
  CAF_CHECK_EQUAL(out.chained[0].name, "next");
}

CAF_TEST(a completed job without a value returns null) {
  CAF_CHECK_EQUAL(settle(a_job(1, 0), ended(outcome_kind::completed)).value,
                  "null");
}

CAF_TEST(a job that did not complete chains nothing) {
  for (auto kind : {outcome_kind::failed, outcome_kind::refused,
                    outcome_kind::throttled, outcome_kind::returned}) {
    auto x = ended(kind);
    x.chained.push_back({"next", "{}", "{}", "", 0, 0, false});
    CAF_CHECK(settle(a_job(3, 0), x).chained.empty());
  }
}

CAF_TEST(a failed job is kept as its options for failures say) {
  CAF_CHECK_EQUAL(settle(a_job(1, 0), ended(outcome_kind::failed)).keep.count,
                  22);
  CAF_CHECK_EQUAL(settle(a_job(3, 0), ended(outcome_kind::refused)).keep.count,
                  22);
}

CAF_TEST(a retry goes to the end its options name) {
  auto ran = a_job(3, 0);
  CAF_CHECK(!settle(ran, ended(outcome_kind::failed)).lifo);
  ran.options.lifo = true;
  CAF_CHECK(settle(ran, ended(outcome_kind::failed)).lifo);
}

CAF_TEST(a retry with a delay is later and without one is now) {
  auto ran = a_job(3, 0);
  ran.options.backoff = backoff_kind::fixed;
  for (int64_t ms : {0, 1, 2000}) {
    ran.options.backoff_ms = ms;
    auto out = settle(ran, ended(outcome_kind::failed));
    CAF_CHECK(out.kind
              == (ms > 0 ? settle_kind::retry_later : settle_kind::retry_now));
    CAF_CHECK_EQUAL(out.delay_ms, ms);
  }
}

CAF_TEST(an unknown backoff is not retried and says so) {
  auto ran = a_job(3, 0);
  ran.options.backoff = backoff_kind::unknown;
  auto out = settle(ran, ended(outcome_kind::failed));
  CAF_CHECK(out.kind == settle_kind::fail);
  CAF_CHECK_EQUAL(out.value, "why (not retried: unknown backoff type)");
  CAF_CHECK_EQUAL(out.keep.count, 22);
}

CAF_TEST(a backoff of - 1 is not retried and says so) {
  auto ran = a_job(3, 0);
  ran.options.backoff = backoff_kind::fixed;
  ran.options.backoff_ms = -1;
  auto out = settle(ran, ended(outcome_kind::failed));
  CAF_CHECK(out.kind == settle_kind::fail);
  CAF_CHECK_EQUAL(out.value, "why (not retried: its backoff is -1)");
}

CAF_TEST(an unknown backoff does not matter on the last attempt) {
  auto ran = a_job(3, 2);
  ran.options.backoff = backoff_kind::unknown;
  CAF_CHECK_EQUAL(settle(ran, ended(outcome_kind::failed)).value, "why");
}

CAF_TEST(a throttled job waits for as long as it was told and never zero) {
  for (auto [told, waits] : {std::pair<int64_t, int64_t>{-5, 1},
                             {0, 1},
                             {1, 1},
                             {2, 2},
                             {90000, 90000}}) {
    auto x = ended(outcome_kind::throttled);
    x.retry_after_ms = told;
    CAF_CHECK_EQUAL(settle(a_job(3, 0), x).delay_ms, waits);
  }
}

CAF_TEST(the third codec that dies over a job is its last) {
  auto ran = a_job(100, 0);
  auto x = ended(outcome_kind::failed, "SIGSEGV");
  x.codec_died = true;
  for (uint32_t before : {0, 1}) {
    ran.codec_deaths = before;
    CAF_CHECK(settle(ran, x).kind == settle_kind::retry_now);
    CAF_CHECK(settle(ran, x).codec_died);
  }
  for (uint32_t before : {2, 3}) {
    ran.codec_deaths = before;
    CAF_CHECK(settle(ran, x).kind == settle_kind::fail);
    CAF_CHECK_EQUAL(settle(ran, x).keep.count, 22);
  }
  ran.codec_deaths = 2;
  CAF_CHECK_EQUAL(settle(ran, x).value,
                  "SIGSEGV (not retried: 3 codec processes died over this "
                  "job)");
}

CAF_TEST(the tenth runner that dies under a job is its last) {
  auto ran = a_job(1, 0);
  auto x = ended(outcome_kind::returned, "");
  x.runner_died = true;
  for (uint32_t before : {0, 8}) {
    ran.lost = before;
    CAF_CHECK(settle(ran, x).kind == settle_kind::give_back);
    CAF_CHECK(settle(ran, x).runner_died);
  }
  for (uint32_t before : {9, 10}) {
    ran.lost = before;
    CAF_CHECK(settle(ran, x).kind == settle_kind::fail);
  }
  ran.lost = 9;
  CAF_CHECK_EQUAL(settle(ran, x).value, "given up after 10 processors or nodes "
                                        "died while they ran this job");
}

CAF_TEST(deaths of the past do not fail a job that just failed) {
  auto ran = a_job(3, 0);
  ran.codec_deaths = 50;
  ran.lost = 50;
  CAF_CHECK(settle(ran, ended(outcome_kind::failed)).kind
            == settle_kind::retry_now);
  CAF_CHECK(settle(ran, ended(outcome_kind::returned)).kind
            == settle_kind::give_back);
}

CAF_TEST(random outcomes never retry beyond the attempts) {
  std::mt19937_64 random{366};
  std::uniform_int_distribution<uint32_t> small{0, 12};
  int broken = 0;
  for (int i = 0; i < 20000; ++i) {
    auto ran = a_job(small(random), small(random));
    ran.lost = small(random);
    ran.codec_deaths = small(random);
    auto x = ended(static_cast<outcome_kind>(small(random) % 5));
    x.codec_died = small(random) == 0;
    x.runner_died = small(random) == 0;
    auto out = settle(ran, x);
    auto is_retry = out.kind == settle_kind::retry_now
                    || out.kind == settle_kind::retry_later;
    broken += is_retry && ran.attempts_made + 1 >= ran.options.attempts;
    broken += is_retry && x.kind != outcome_kind::failed;
    broken += out.kind == settle_kind::complete
              && x.kind != outcome_kind::completed;
    broken += out.job_id != ran.id || out.attempt != ran.attempt;
  }
  CAF_CHECK_EQUAL(broken, 0);
}
