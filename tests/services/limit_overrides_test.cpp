/// Limits and budgets that people change while Darkroom runs.
#define CAF_SUITE limit_overrides

#include "services/redis/limit_overrides.hpp"
#include "tests/support/resource_fixture.hpp"

using namespace darkroom;

namespace {

/// Jobs "see" use the resource "vision", whose setting is 2 starts per second.
struct override_fixture : resource_fixture {
  override_fixture() : overrides(test::shared_redis().settings(), settings) {
    configured.limits.vision.max = 2;
    configured.limits.vision.window = milliseconds{1000};
    configured.budget.total.money = 9.5;
    queue = other(context());
  }

  static queue_context context() {
    queue_context out;
    out.resources.uses = {{"see", {"vision"}}};
    out.resources.limits = {{"vision", 2, milliseconds{1100}}};
    out.slack = milliseconds{100};
    out.budget.total.money = 9500000;
    return out;
  }

  darkroom::settings in_force() {
    auto out = configured;
    must(overrides.apply(out));
    return out;
  }

  int64_t call_of(const std::string& id) {
    return must(queue.book_call({id, "t:1", "vision", {"a"}, {}}, now)).wait_ms;
  }

  darkroom::settings configured;
  limit_overrides overrides;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(limit_overrides_tests, override_fixture)

CAF_TEST(what was changed holds until it is taken back) {
  CAF_REQUIRE(overrides.change({{"limits.vision", "1/2s"},
                                {"limits.embedding", "off"},
                                {"budget.money", "0.25"},
                                {"budget.vision_tokens", "70000000000"}}));
  auto now_held = in_force();
  CAF_CHECK_EQUAL(now_held.limits.vision.max, 1u);
  CAF_CHECK_EQUAL(now_held.limits.vision.window.count(), 2000);
  CAF_CHECK_EQUAL(now_held.limits.embedding.max, 0u);
  CAF_CHECK_EQUAL(now_held.budget.total.money, 0.25);
  CAF_CHECK_EQUAL(now_held.budget.vision.tokens, 70000000000u);
  CAF_REQUIRE(overrides.change(
    {{"limits.vision", "default"}, {"budget.money", "default"}}));
  now_held = in_force();
  CAF_CHECK_EQUAL(now_held.limits.vision.max, 2u);
  CAF_CHECK_EQUAL(now_held.budget.total.money, 9.5);
}

CAF_TEST(what is not allowed changes nothing) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{
         {"limits.vision", "often"},
         {"limits.vision", "-1/1s"},
         {"limits.slack", "1s"},
         {"queue.limit", "1/1s"},
         {"budget.then", "local"},
         {"budget.money", "-1"},
         {"budget.tokens", "many"},
         {"redis.password", "x"}}) {
    auto refused = overrides.change({{"budget.requests", "5"}, {name, value}});
    CAF_REQUIRE(!refused);
    CAF_CHECK(refused.error().code == ec::bad_config);
    CAF_CHECK(refused.error().context.find(name) != std::string::npos);
  }
  CAF_CHECK_EQUAL(in_force().budget.total.requests, 0u);
}

CAF_TEST(claims obey a limit that was changed) {
  CAF_REQUIRE(overrides.change({{"limits.vision", "1/2s"}}));
  add_named("see", 3);
  CAF_CHECK_EQUAL(claim(3), strings{"1"});
  CAF_CHECK_EQUAL(due("2"), now + 2101);
  CAF_REQUIRE(overrides.change({{"limits.vision", "off"}}));
  must(queue.end_rest("vision", false, now));
  CAF_CHECK_EQUAL(claim(3), (strings{"2", "3"}));
}

CAF_TEST(a limit where the setting has none counts from now on) {
  queue_context unlimited = context();
  unlimited.resources.limits[0].max = 0;
  queue = other(unlimited);
  CAF_REQUIRE(overrides.change({{"limits.vision", "1/1s"}}));
  add_named("see", 2);
  CAF_CHECK_EQUAL(claim(2), strings{"1"});
  CAF_CHECK_EQUAL(due("2"), now + 1101);
}

CAF_TEST(calls obey a budget that was changed) {
  add_named("see", 2);
  CAF_CHECK_EQUAL(claim(2).size(), 2u);
  CAF_REQUIRE(overrides.change({{"budget.vision_requests", "1"}}));
  CAF_CHECK_EQUAL(call_of("1"), 0);
  CAF_CHECK(call_of("2") > 0);
  // Without the bound of money, nobody waits for the price of the first call.
  CAF_REQUIRE(
    overrides.change({{"budget.vision_requests", "2"}, {"budget.money", "0"}}));
  must(queue.end_rest("vision", false, now));
  CAF_CHECK_EQUAL(call_of("2"), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
