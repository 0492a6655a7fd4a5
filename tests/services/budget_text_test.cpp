#define CAF_SUITE budget_text

#include "services/json/json.hpp"
#include "services/redis/budget_text.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

CAF_TEST(a day is one of UTC) {
  constexpr int64_t last = 1764460799999; // 2025-11-29 23:59:59.999
  CAF_CHECK_EQUAL(day_of(last), "2025-11-29");
  CAF_CHECK_EQUAL(end_of_day(last), last + 1);
  CAF_CHECK_EQUAL(day_of(last + 1), "2025-11-30");
  CAF_CHECK_EQUAL(end_of_day(last + 1), last + 1 + 86400000);
}

CAF_TEST(bounds are written by scope) {
  call_budget budget;
  budget.vision.money = 100000;
  budget.total.requests = 7;
  budget.goes_local = true;
  auto text = must(parse_json(budget_text(budget, 0)));
  CAF_CHECK_EQUAL(text["most"]["vision"], (nlohmann::json{0, 0, 100000}));
  CAF_CHECK_EQUAL(text["most"]["total"][0], 7);
  CAF_CHECK_EQUAL(text["local"], true);
}
