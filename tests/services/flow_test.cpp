#define CAF_SUITE flow

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

/// Children in "bull:q", their parent "p" in another queue with another prefix.
struct flow_fixture : queue_fixture {
  const std::string base = "shop:eu:orders:";
  const std::string parent = base + "p";

  /// A parent that waits, and one running child with these options; `others`
  /// more children never end.
  job child(const std::string& flag = {}, const strings& others = {}) {
    raw({"HSET", parent, "name", "p", "priority", "0", "delay", "0"});
    raw({"ZADD", base + "waiting-children", "1", "p"});
    for (const auto& x : others)
      raw({"SADD", parent + ":dependencies", x});
    return kin(flag);
  }

  /// One more running child.
  job kin(const std::string& flag = {}) {
    auto x = started();
    raw({"SADD", parent + ":dependencies", P + x.id});
    auto about = R"({"id":"p","queueKey":"shop:eu:orders")"
                 + (flag.empty() ? "" : ",\"" + flag + "\":true") + "}";
    raw({"HSET", P + x.id, "parentKey", parent, "parent", about});
    return x;
  }

  strings parent_list(const std::string& name) {
    return raw({"LRANGE", base + name, "0", "-1"});
  }
  bool parent_waits() {
    return one({"ZSCORE", base + "waiting-children", "p"}) != "(nil)";
  }
  std::string parent_hash(const std::string& name, const std::string& field) {
    return one({"HGET", parent + name, field});
  }
  strings parent_events() {
    std::swap(events_key, other_events);
    std::swap(seen, other_seen);
    auto out = events();
    std::swap(events_key, other_events);
    std::swap(seen, other_seen);
    return out;
  }

  std::string other_events = base + "events";
  std::string other_seen = "0-0";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(flow_tests, flow_fixture)

CAF_TEST(the last child that completes puts its parent in front) {
  auto first = child();
  auto last = kin();
  raw({"LPUSH", base + "wait", "older"});
  CAF_CHECK_EQUAL(settle(completed(first)), ".");
  CAF_CHECK(parent_waits());
  CAF_CHECK(parent_events().empty());
  take_marker();
  CAF_CHECK_EQUAL(settle(completed(last)), ".");
  CAF_CHECK(!parent_waits());
  CAF_CHECK_EQUAL(parent_hash(":processed", P + "1"), "7");
  CAF_CHECK_EQUAL(parent_hash(":processed", P + "2"), "7");
  CAF_CHECK_EQUAL(parent_list("wait"), (strings{"older", "p"}));
  CAF_CHECK_EQUAL(one({"ZSCORE", base + "marker", "0"}), "0");
  CAF_CHECK_EQUAL(parent_events(),
                  strings{"waiting jobId=p prev=waiting-children"});
  CAF_CHECK(!take_marker()); // of the children's queue
}

CAF_TEST(a parent goes where its priority and delay say) {
  auto x = child();
  raw({"HSET", parent, "priority", "3"});
  settle(completed(x));
  CAF_CHECK_EQUAL(one({"ZSCORE", base + "prioritized", "p"}),
                  std::to_string((3LL << 32) + 1));
  auto late = child();
  raw({"HSET", parent, "delay", "500"});
  settle(completed(late));
  auto due = now + 500;
  CAF_CHECK_EQUAL(one({"ZSCORE", base + "delayed", "p"}),
                  std::to_string(due * 4096));
  auto told = parent_events();
  CAF_CHECK_EQUAL(told.back(), "delayed jobId=p delay=" + std::to_string(due));
}

CAF_TEST(a parent of a paused queue wakes nobody) {
  auto x = child();
  raw({"HSET", base + "meta", "paused", "1"});
  settle(completed(x));
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
  CAF_CHECK_EQUAL(one({"EXISTS", base + "marker"}), "0");
}

CAF_TEST(a failed child without an option holds its parent) {
  auto x = child();
  settle(failed(x));
  CAF_CHECK(parent_waits());
  CAF_CHECK_EQUAL(raw({"SMEMBERS", parent + ":dependencies"}),
                  strings{P + "1"});
}

CAF_TEST(fpof has the parent fail although a child pends) {
  auto x = child("fpof", {"bull:q:pending"});
  settle(failed(x));
  CAF_CHECK_EQUAL(parent_hash("", "defa"), "child bull:q:1 failed");
  CAF_CHECK_EQUAL(one({"ZSCORE", parent + ":unsuccessful", P + "1"}), time);
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
  CAF_CHECK_EQUAL(raw({"SMEMBERS", parent + ":dependencies"}),
                  strings{"bull:q:pending"});
}

CAF_TEST(a child that cannot end tells its parent that it failed) {
  auto x = child("fpof");
  raw({"HSET", "bull:q:1", "deid", "d"});
  raw({"RPUSH", "bull:q:de:d", "x"});
  CAF_CHECK_EQUAL(settle(completed(x)), "B");
  CAF_CHECK_EQUAL(members("failed"), strings{"1"});
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
  CAF_CHECK(!exists("active"));
}

CAF_TEST(fpof takes a delayed parent out of its delay) {
  auto x = child("fpof");
  raw({"ZREM", base + "waiting-children", "p"});
  raw({"ZADD", base + "delayed", "9", "p"});
  raw({"HSET", parent, "delay", "5000"});
  settle(failed(x));
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
  CAF_CHECK_EQUAL(parent_hash("", "delay"), "0");
  CAF_CHECK_EQUAL(one({"EXISTS", base + "delayed"}), "0");
}

CAF_TEST(a parent that has failed is not failed twice) {
  auto x = child("fpof");
  raw({"ZREM", base + "waiting-children", "p"});
  raw({"ZADD", base + "failed", "9", "p"});
  settle(failed(x));
  CAF_CHECK_EQUAL(parent_hash("", "defa"), "(nil)");
  CAF_CHECK(parent_list("wait").empty());
}

CAF_TEST(cpof lets the parent go at once) {
  settle(failed(child("cpof", {"bull:q:pending"})));
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
  CAF_CHECK_EQUAL(parent_hash(":failed", P + "1"), "broke");
}

CAF_TEST(idof and rdof let it go when no child pends) {
  for (const std::string flag : {"idof", "rdof"}) {
    raw({"DEL", base + "wait", parent + ":failed"});
    auto first = child(flag, {"bull:q:pending"});
    settle(failed(first));
    CAF_CHECK(parent_waits());
    raw({"SREM", parent + ":dependencies", "bull:q:pending"});
    auto last = kin(flag);
    settle(failed(last));
    CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
    CAF_CHECK_EQUAL(parent_hash(":failed", P + last.id),
                    flag == "idof" ? "broke" : "(nil)");
  }
}

CAF_TEST(a retry tells the parent nothing) {
  settle(ending(child("fpof"), settle_kind::retry_now, "broke"));
  CAF_CHECK(parent_waits());
  CAF_CHECK_EQUAL(parent_hash("", "defa"), "(nil)");
}

CAF_TEST(a child that is removed no longer holds its parent) {
  auto gone = failed(child());
  gone.keep.count = 0;
  settle(gone);
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
}

CAF_TEST(a failed child that is trimmed no longer holds its parent) {
  settle(failed(child()));
  auto next = failed(started());
  next.keep.count = 1;
  ++now;
  settle(next);
  CAF_CHECK(!exists("1"));
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
}

CAF_TEST(a parent that was removed is not made anew) {
  auto x = child("fpof");
  raw({"DEL", parent, parent + ":dependencies"});
  raw({"ZREM", base + "waiting-children", "p"});
  CAF_CHECK_EQUAL(settle(failed(x)), ".");
  CAF_CHECK_EQUAL(raw({"KEYS", base + "*"}), strings{});
}

CAF_TEST(a child that is added joins its parent) {
  raw({"HSET", P + "p", "name", "p"});
  auto x = plain();
  x.options = R"({"parent":{"id":"p","queue":"bull:q"},"cpof":true})";
  add(x);
  CAF_CHECK_EQUAL(field("1", "parentKey"), "bull:q:p");
  CAF_CHECK_EQUAL(raw({"SMEMBERS", P + "p:dependencies"}), strings{P + "1"});
  auto about = field("1", "parent");
  CAF_CHECK(has(about, R"("queueKey":"bull:q")"));
  CAF_CHECK(has(about, R"("cpof":true)"));
  raw({"DEL", P + "p"});
  CAF_CHECK(has(refused(queue.add({x}, now)).context, "no parent job"));
}

CAF_TEST(a job that is there already can be made a child) {
  auto x = named("known");
  add(x);
  raw({"HSET", parent, "name", "p", "priority", "0", "delay", "0"});
  raw({"ZADD", base + "waiting-children", "1", "p"});
  x.options = R"({"parent":{"id":"p","queue":"shop:eu:orders"}})";
  CAF_CHECK_EQUAL(add(x), "known");
  CAF_CHECK_EQUAL(field("known", "parentKey"), parent);
  CAF_CHECK_EQUAL(raw({"SMEMBERS", parent + ":dependencies"}),
                  strings{P + "known"});
  auto own = plain();
  own.options = R"({"parent":{"id":"known","queue":"bull:q"}})";
  own.id = "second";
  add(own);
  x.options = R"({"parent":{"id":"second","queue":"bull:q"}})";
  CAF_CHECK(has(refused(queue.add({x}, now)).context, "another parent"));
}

CAF_TEST(a job that has completed hands its value to a new parent) {
  auto x = named("known");
  settle(completed(started(x)));
  raw({"HSET", parent, "name", "p", "priority", "0", "delay", "0"});
  raw({"ZADD", base + "waiting-children", "1", "p"});
  x.options = R"({"parent":{"id":"p","queue":"shop:eu:orders"}})";
  add(x);
  CAF_CHECK_EQUAL(parent_hash(":processed", P + "known"), "7");
  CAF_CHECK_EQUAL(parent_list("wait"), strings{"p"});
}

CAF_TEST_FIXTURE_SCOPE_END()
