/// A queue with limited resources.
#pragma once

#include "services/json/json.hpp"
#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Jobs named "see" use the resource "eye": 3 starts in 1000 ms.
struct resource_fixture : queue_fixture {
  resource_fixture() {
    queue_context watched;
    watched.resources.uses = {{"see", {"eye"}}, {"both", {"eye", "ear"}}};
    watched.resources.limits = {{"eye", 3, milliseconds{1000}},
                                {"ear", 1, milliseconds{5000}}};
    queue = other(watched);
    knows("a");
  }

  /// The provider has answered before, so its calls need not go one by one.
  void knows(const std::string& profile) {
    raw({"HSET", D + "provider:" + profile, "known", "1"});
  }

  static new_job named_job(const std::string& name) {
    auto x = plain();
    x.name = name;
    return x;
  }

  void add_named(const std::string& name, size_t count) {
    must(queue.add(std::vector<new_job>(count, named_job(name)), now));
  }

  int64_t due(const std::string& id) {
    auto text = score("delayed", id);
    return text == "(nil)" ? 0 : static_cast<int64_t>(std::stod(text) / 4096);
  }

  int64_t book(const std::string& id, const std::string& token = "t:1") {
    return must(queue.book_call({id, token, "eye", {"a"}, {}}, now)).wait_ms;
  }

  /// Its call has ended.
  void tell(const std::string& id, call_end end = call_end::answered,
            const std::string& token = "t:1") {
    provider_report ended;
    ended.job_id = id;
    ended.token = token;
    ended.resource = "eye";
    ended.profile_id = "a";
    ended.end = end;
    must(queue.report_call(ended, now));
  }

  /// The provider asks the job to wait, which gives up its slot then.
  void refuse(job_queue& store, const job& x, int64_t ms) {
    provider_query call{x.id, x.token, "eye", {"a"}, {}};
    CAF_CHECK_EQUAL(must(store.book_call(call, now)).wait_ms, 0);
    provider_report refused;
    refused.job_id = x.id;
    refused.token = x.token;
    refused.resource = "eye";
    refused.profile_id = "a";
    refused.end = call_end::throttled;
    refused.wait_ms = ms;
    must(store.report_call(refused, now));
    CAF_CHECK_EQUAL(must(store.book_call(call, now)).wait_ms, ms);
  }

  nlohmann::json why(const std::string& id) {
    return must(parse_json(must(queue.explain(id, now))));
  }
};

} // namespace darkroom
