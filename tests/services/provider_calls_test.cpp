/// What the cluster keeps about providers: breakers, answers, budgets. Over 300
/// lines long, because all cases need the fixture.
#define CAF_SUITE provider_calls

#include "services/redis/budget_text.hpp"
#include "tests/support/resource_fixture.hpp"

using namespace darkroom;

namespace {

const std::string picture(64, 'a');

/// Jobs "see" run with the token "t:1", unless a test says otherwise.
struct provider_fixture : resource_fixture {
  provider_fixture() {
    start_with({});
  }

  /// Makes the queue anew, without a limit of the resource.
  void start_with(call_budget budget) {
    queue_context context;
    context.resources.uses = {{"see", {"vision"}}};
    context.resources.limits = {{"vision", 0, milliseconds{1000}}};
    context.budget = std::move(budget);
    context.answers_kept = {{"vision", std::chrono::hours{24}}};
    queue = other(context);
  }

  void run(size_t count) {
    add_named("see", count);
    CAF_CHECK_EQUAL(claim(static_cast<uint32_t>(count)).size(), count);
  }

  provider_permit ask(const std::string& id,
                      const std::vector<std::string>& profiles = {"a"},
                      const std::string& key = {}) {
    return must(queue.book_call({id, "t:1", "vision", profiles, key}, now));
  }

  provider_news tell(const std::string& id, call_end end,
                     const std::string& profile = "a",
                     provider_report more = {}) {
    more.job_id = id;
    more.token = "t:1";
    more.resource = "vision";
    more.profile_id = profile;
    more.end = end;
    return must(queue.report_call(more, now));
  }

  /// Its profile rests, and `now` is when that began.
  void open_breaker() {
    run(1);
    CAF_REQUIRE_EQUAL(ask("1").wait_ms, 0);
    CAF_REQUIRE_EQUAL(tell("1", call_end::unusable).change, "opened");
  }

  settlement postponed(const std::string& id, int64_t ms) {
    job x;
    x.id = id;
    x.token = "t:1";
    x.attempt = 1;
    auto out = ending(x, settle_kind::postpone, "later");
    out.delay_ms = ms;
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(provider_calls_tests, provider_fixture)

CAF_TEST(while a provider has never answered its calls go one by one) {
  raw({"DEL", D + "provider:a"});
  run(3);
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0);
  auto second = ask("2");
  CAF_CHECK_EQUAL(second.wait_ms, 15000);
  CAF_CHECK_EQUAL(second.why, "one call goes first");
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0); // the same call, asked again
  tell("1", call_end::adapted);
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0); // it goes on with its second try
  CAF_CHECK_EQUAL(ask("2").wait_ms, 15000);
  CAF_CHECK_EQUAL(tell("1", call_end::answered).change, "");
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
  CAF_CHECK_EQUAL(ask("3").wait_ms, 0);
}

CAF_TEST(a first call whose run is gone leaves the lead to another) {
  raw({"DEL", D + "provider:a"});
  run(2);
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0);
  raw({"DEL", P + "1:lock"});
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
}

CAF_TEST(what was learned is told with the next permit) {
  run(2);
  ask("1");
  provider_report more;
  more.profile = R"({"tokens":"none"})";
  tell("1", call_end::adapted, "a", more);
  CAF_CHECK_EQUAL(ask("2").profile, more.profile);
  CAF_CHECK_EQUAL(ask("2", {"b"}).profile, "");
}

CAF_TEST(a provider that is not usable rests twice as long each time) {
  open_breaker();
  run(1);
  for (int64_t rest : {30000, 60000, 120000, 240000, 480000, 900000, 900000}) {
    CAF_CHECK_EQUAL(ask("2").wait_ms, rest);
    now += rest - 1;
    CAF_CHECK_EQUAL(ask("2").wait_ms, 1);
    now += 1;
    raw({"SET", P + "2:lock", "t:1"});
    CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
    CAF_CHECK_EQUAL(tell("2", call_end::unusable).change, "");
  }
}

CAF_TEST(a search goes first and its success lets the jobs go on) {
  open_breaker();
  now += 30000;
  CAF_CHECK_EQUAL(ask("").wait_ms, 0);
  run(1);
  CAF_CHECK_EQUAL(ask("2").why, "one call goes first");
  CAF_CHECK_EQUAL(tell("", call_end::answered).change, "closed");
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
}

CAF_TEST(a search that fails does not prolong a rest) {
  open_breaker();
  now += 30000;
  CAF_CHECK_EQUAL(ask("").wait_ms, 0);
  tell("", call_end::transient);
  run(1);
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
}

CAF_TEST(a search whose request is adapted still goes first) {
  raw({"DEL", D + "provider:a"});
  CAF_CHECK_EQUAL(ask("").wait_ms, 0);
  tell("", call_end::adapted);
  run(1);
  CAF_CHECK_EQUAL(ask("1").why, "one call goes first");
  CAF_CHECK_EQUAL(ask("").wait_ms, 0);
}

CAF_TEST(a search whose process died holds nobody up) {
  open_breaker();
  now += 30000;
  CAF_CHECK_EQUAL(ask("").wait_ms, 0);
  run(1);
  CAF_CHECK_EQUAL(ask("2").wait_ms, 15000);
  auto left = std::stoll(raw({"PTTL", D + "search:t:1"}).at(0)); // ms
  CAF_CHECK(left > 0 && left <= 15000);
  raw({"DEL", D + "search:t:1"}); // as if they had passed
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
}

CAF_TEST(calls that were under way when it refused count once) {
  run(3);
  for (const char* id : {"1", "2", "3"})
    CAF_CHECK_EQUAL(ask(id).wait_ms, 0);
  CAF_CHECK_EQUAL(tell("1", call_end::unusable).change, "opened");
  CAF_CHECK_EQUAL(tell("2", call_end::unusable).change, "");
  CAF_CHECK_EQUAL(tell("3", call_end::answered).change, ""); // an old one
  CAF_CHECK_EQUAL(ask("1").wait_ms, 30000);
}

CAF_TEST(after a rest one call goes first and its success lets all go on) {
  open_breaker();
  add_named("see", 3);
  claim(3);
  for (const char* id : {"2", "3", "4"}) {
    CAF_CHECK_EQUAL(ask(id).wait_ms, 30000);
    step({postponed(id, 30000)});
  }
  CAF_CHECK_EQUAL(claim(3), strings{});
  now += 30000;
  CAF_CHECK_EQUAL(claim(3).size(), 3u);
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
  CAF_CHECK_EQUAL(ask("3").wait_ms, 15000);
  step({[&] {
    auto out = postponed("3", 15000);
    out.attempt = 2;
    return out;
  }()});
  CAF_CHECK_EQUAL(tell("2", call_end::answered).change, "closed");
  CAF_CHECK_EQUAL(claim(1), strings{"3"});
  CAF_CHECK_EQUAL(ask("3").wait_ms, 0);
  CAF_CHECK_EQUAL(ask("4").wait_ms, 0);
}

CAF_TEST(a job that gives up its slot after the rest has ended goes on) {
  raw({"DEL", D + "provider:a"});
  run(2);
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0);
  CAF_CHECK_EQUAL(ask("2").wait_ms, 15000);
  tell("1", call_end::answered);
  step({postponed("2", 15000)}); // its run ended meanwhile
  add_named("see", 1);
  CAF_CHECK_EQUAL(claim(2), strings{"3"});
  now += 1000;
  CAF_CHECK_EQUAL(claim(2), strings{"2"});
}

CAF_TEST(a provider that asks to wait is heard for at most 15 minutes) {
  run(1);
  ask("1");
  provider_report more;
  more.wait_ms = 86400000;
  auto news = tell("1", call_end::throttled, "a", more);
  CAF_CHECK_EQUAL(news.change, "opened");
  CAF_CHECK_EQUAL(news.until, now + 900000);
  CAF_CHECK_EQUAL(ask("1", {"b"}).wait_ms, 0); // another key
}

CAF_TEST(without a hint the pauses of a provider grow) {
  run(1);
  ask("1");
  CAF_CHECK_EQUAL(tell("1", call_end::throttled).until, now + 10000);
  now += 10000;
  ask("1");
  CAF_CHECK_EQUAL(tell("1", call_end::throttled).until, now + 20000);
}

CAF_TEST(a probe that fails otherwise keeps the others waiting) {
  open_breaker();
  now += 30000;
  run(1);
  ask("2");
  CAF_CHECK_EQUAL(tell("2", call_end::transient).change, "");
  CAF_CHECK_EQUAL(ask("2").wait_ms, 30000);
}

CAF_TEST(an operator ends a rest and one call goes first) {
  open_breaker();
  add_named("see", 2);
  claim(2);
  for (const char* id : {"2", "3"})
    ask(id);
  step({postponed("2", 30000), postponed("3", 30000)});
  CAF_CHECK_EQUAL(must(queue.end_rest("vision", true, now)), strings{"a"});
  CAF_CHECK_EQUAL(claim(2).size(), 2u);
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
  CAF_CHECK_EQUAL(ask("3").wait_ms, 15000);
}

CAF_TEST(a node that joins makes the jobs try their own provider) {
  open_breaker();
  add_named("see", 1);
  claim(1);
  ask("2");
  step({postponed("2", 30000)});
  CAF_CHECK_EQUAL(must(queue.end_rest("vision", false, now)), strings{});
  CAF_CHECK_EQUAL(claim(1), strings{"2"});
  CAF_CHECK_EQUAL(ask("2").wait_ms, 30000);
  CAF_CHECK_EQUAL(ask("2", {"b"}).wait_ms, 0);
}

CAF_TEST(a lower provider is asked while the first one rests) {
  open_breaker();
  run(1);
  auto permit = ask("2", {"a", "b", ""});
  CAF_CHECK_EQUAL(permit.wait_ms, 0);
  CAF_CHECK_EQUAL(permit.provider, 1u);
  tell("2", call_end::unusable, "b");
  CAF_CHECK_EQUAL(ask("2", {"a", "b", ""}).provider, 2u);
}

CAF_TEST(an answer that is known costs no call) {
  run(2);
  ask("1", {"a"}, picture);
  provider_report more;
  more.answer_key = picture;
  more.answer = "a cat";
  tell("1", call_end::answered, "a", more);
  auto known = ask("2", {"a"}, picture);
  CAF_CHECK_EQUAL(known.wait_ms, 0);
  CAF_CHECK_EQUAL(known.answer, "a cat");
  CAF_CHECK_EQUAL(ask("2", {"b"}, picture).answer, "");
  CAF_CHECK_EQUAL(ask("2", {"a"}, std::string(64, 'b')).answer, "");
}

CAF_TEST(jobs that ask the same at once share one call) {
  run(2);
  CAF_CHECK_EQUAL(ask("1", {"a"}, picture).wait_ms, 0);
  CAF_CHECK_EQUAL(ask("2", {"a"}, picture).wait_ms, 300);
  CAF_CHECK_EQUAL(ask("2", {"a"}, std::string(64, 'b')).wait_ms, 0);
  raw({"DEL", P + "1:lock"}); // its node died
  CAF_CHECK_EQUAL(ask("2", {"a"}, picture).wait_ms, 0);
}

CAF_TEST(no more requests a day than the budget has) {
  call_budget budget;
  budget.vision.requests = 2;
  start_with(budget);
  run(3);
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0);
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0); // asked again: one call
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0);
  auto third = ask("3");
  CAF_CHECK_EQUAL(third.wait_ms, (now / 86400000 + 1) * 86400000 - now);
  CAF_CHECK(third.why.find("no requests left for vision") != std::string::npos);
  tell("2", call_end::not_made);
  CAF_CHECK_EQUAL(ask("3").wait_ms, 0);
  now += third.wait_ms;
  CAF_CHECK_EQUAL(ask("1").wait_ms, 0);
}

CAF_TEST(each bound of requests is told once at 80 percent and once at 100) {
  call_budget budget;
  budget.vision.requests = 5;
  start_with(budget);
  run(6);
  for (const char* id : {"1", "2", "3"}) {
    ask(id);
    CAF_CHECK_EQUAL(tell(id, call_end::answered).spent, strings{});
  }
  ask("4");
  CAF_CHECK_EQUAL(tell("4", call_end::not_made).spent,
                  strings{}); // that call counts no more
  ask("4");
  CAF_CHECK_EQUAL(tell("4", call_end::answered).spent,
                  strings{"80 vision.requests"});
  ask("5");
  CAF_CHECK_EQUAL(tell("5", call_end::not_made).spent, strings{});
  ask("5");
  CAF_CHECK_EQUAL(tell("5", call_end::answered).spent,
                  strings{"100 vision.requests"});
  budget.vision.requests = 6;
  start_with(budget);
  ask("6");
  CAF_CHECK_EQUAL(tell("6", call_end::answered).spent,
                  (strings{"80 vision.requests", "100 vision.requests"}));
}

CAF_TEST(calls under way count as much as the dearest so far) {
  call_budget budget;
  budget.total.money = 100000; // millionths
  start_with(budget);
  run(4);
  provider_report dear;
  dear.cost = 40000; // millionths
  ask("1");
  CAF_CHECK(tell("1", call_end::answered, "a", dear).spent.empty());
  CAF_CHECK_EQUAL(ask("2").wait_ms, 0); // 0.04 spent
  CAF_CHECK_EQUAL(ask("3").wait_ms, 0); // and 0.04 under way
  CAF_CHECK_GREATER(ask("4").wait_ms, 0);
  CAF_CHECK_EQUAL(tell("2", call_end::answered, "a", dear).spent,
                  strings{"80 total.money"});
  CAF_CHECK_EQUAL(tell("3", call_end::answered, "a", dear).spent,
                  strings{"100 total.money"});
}

CAF_TEST(when the budget is spent a local model may go on) {
  call_budget budget;
  budget.vision.requests = 1;
  start_with(budget);
  run(2);
  CAF_CHECK_EQUAL(ask("1", {"a", ""}).provider, 0u);
  CAF_CHECK_GREATER(ask("2", {"a", ""}).wait_ms, 0);
  budget.goes_local = true;
  start_with(budget);
  auto permit = ask("2", {"a", ""});
  CAF_CHECK_EQUAL(permit.wait_ms, 0);
  CAF_CHECK_EQUAL(permit.provider, 1u);
}

CAF_TEST(a report that comes twice counts once) {
  run(1);
  ask("1");
  provider_report dear;
  dear.tokens_in = 100;
  tell("1", call_end::answered, "a", dear);
  tell("1", call_end::answered, "a", dear);
  CAF_CHECK_EQUAL(one({"HGET", D + "spent:" + day_of(now), "vision.tokens"}),
                  "100");
}

CAF_TEST_FIXTURE_SCOPE_END()
