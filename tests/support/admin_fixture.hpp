/// A queue and its operator, on a real Redis.
#pragma once

#include "services/redis/queue_admin.hpp"
#include "tests/support/queue_fixture.hpp"

namespace darkroom {

struct admin_fixture : queue_fixture {
  admin_fixture() : admin(test::shared_redis().settings(), settings) {}

  /// Adds and runs a job that fails for good. @returns its id
  std::string dead(const new_job& x = plain(),
                   const std::string& why = "broke") {
    auto taken = started(x);
    settle(ending(taken, settle_kind::fail, why));
    events();
    return taken.id;
  }

  /// A parent that waits for a plain child for each id. Both in "bull:q".
  void family(const std::string& parent, const strings& children) {
    new_job head = named(parent);
    add(head);
    raw({"LREM", P + "wait", "0", parent});
    raw({"ZADD", P + "waiting-children", time, parent});
    for (const auto& id : children) {
      auto x = named(id);
      x.options = R"({"attempts":1,"parent":{"id":")" + parent
                  + R"(","queue":"bull:q"}})";
      add(x);
    }
    events();
  }

  bool waits(const std::string& parent) {
    return score("waiting-children", parent) != "(nil)";
  }

  queue_admin admin;
};

} // namespace darkroom
