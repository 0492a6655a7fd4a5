/// A queue and its operator, on a real Redis.
#pragma once

#include "services/redis/queue_admin.hpp"
#include "tests/support/queue_fixture.hpp"

namespace darkroom {

struct admin_fixture : queue_fixture {
  admin_fixture() : admin(test::shared_redis().settings(), settings) {}

  /// Adds and runs a job that fails for good. @returns its id
  std::string dead(const new_job& x = plain(),
                   const std::string& why = "broke");

  /// Adds a parent that waits for one plain child per id, all in "bull:q".
  void family(const std::string& parent, const strings& children);

  bool waits(const std::string& parent);

  queue_admin admin;
};

} // namespace darkroom
