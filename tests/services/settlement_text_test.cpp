#define CAF_SUITE settlement_text

#include "services/redis/settlement_text.hpp"
#include "tests/support/test.hpp"

#include <nlohmann/json.hpp>

using namespace darkroom;

namespace {

using strings = std::vector<std::string>;

settlement base(settle_kind kind) {
  settlement x;
  x.job_id = "7";
  x.token = "t:1";
  x.attempt = 2;
  x.kind = kind;
  x.value = "v";
  return x;
}

strings text(const settlement& x) {
  strings out;
  append_settlement(x, out);
  return out;
}

std::string kind(const settlement& x) {
  return text(x).at(3);
}

std::string extra(const settlement& x) {
  auto all = text(x);
  return all.size() == 6 ? all[5] : "(not six)";
}

} // namespace

CAF_TEST(a settlement is six arguments) {
  CAF_CHECK_EQUAL(text(base(settle_kind::complete)),
                  (strings{"7", "t:1", "2", "c", "v", ""}));
  strings two;
  append_settlement(base(settle_kind::complete), two);
  append_settlement(base(settle_kind::give_back), two);
  CAF_CHECK_EQUAL(two.size(), 12u);
  CAF_CHECK_EQUAL(two[9], "g");
}

CAF_TEST(each kind has its letter and its extras) {
  auto later = base(settle_kind::retry_later);
  later.delay_ms = 2000;
  CAF_CHECK_EQUAL(kind(later), "d");
  CAF_CHECK_EQUAL(extra(later), R"({"d":2000})");
  later.kind = settle_kind::postpone;
  CAF_CHECK_EQUAL(kind(later), "d");
  CAF_CHECK_EQUAL(extra(later), R"({"d":2000,"p":true})");
  auto now = base(settle_kind::retry_now);
  now.lifo = true;
  CAF_CHECK_EQUAL(kind(now), "r");
  CAF_CHECK_EQUAL(extra(now), R"({"l":true})");
  auto failed = base(settle_kind::fail);
  failed.max_attempts = 3;
  failed.stack_trace_limit = 0;
  CAF_CHECK_EQUAL(kind(failed), "f");
  CAF_CHECK_EQUAL(extra(failed), R"({"a":3,"s":0})");
}

CAF_TEST(a retention is told only where a job finishes) {
  auto x = base(settle_kind::complete);
  x.keep = {5, 60, 100};
  CAF_CHECK_EQUAL(extra(x), R"({"ka":60,"kc":5,"kl":100})");
  x.keep = {-1, -1, 1000};
  CAF_CHECK_EQUAL(extra(x), R"({"ka":-1,"kl":1000})");
  x.keep = {0, 0, 1000};
  CAF_CHECK_EQUAL(extra(x), R"({"kc":0})");
  x.kind = settle_kind::retry_now;
  CAF_CHECK_EQUAL(extra(x), "");
}

CAF_TEST(deaths are told with each kind) {
  auto x = base(settle_kind::give_back);
  x.codec_died = true;
  x.runner_died = true;
  CAF_CHECK_EQUAL(extra(x), R"({"cd":true,"rd":true})");
}

CAF_TEST(chained jobs are told with what is not usual) {
  auto x = base(settle_kind::complete);
  x.chained = {{"a", "{}", "{\"b\":1}", {}, 0, 0, false},
               {"b", "\"\\u0000\"", "{}", "id", 9, 4, true}};
  CAF_CHECK_EQUAL(extra(x),
                  R"({"ch":[{"d":"{}","n":"a","o":"{\"b\":1}"},)"
                  R"({"d":"\"\\u0000\"","i":"id","l":true,"n":"b","o":"{}",)"
                  R"("p":4,"w":9}]})");
}

CAF_TEST(bytes that are no text stop nothing) {
  auto x = base(settle_kind::complete);
  x.value = "\xff";
  x.chained = {{"a", "\"\xff\"", "{}", {}, 0, 0, false}};
  auto all = text(x);
  CAF_CHECK_EQUAL(all[4], "\xff");
  CAF_CHECK(nlohmann::json::accept(all[5]));
}
