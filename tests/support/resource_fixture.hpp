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
    return must(queue.book_call({id, token}, now));
  }

  nlohmann::json why(const std::string& id) {
    return must(parse_json(must(queue.explain(id, now))));
  }
};

} // namespace darkroom
