/// A claim budget with the leases of two pools.
#pragma once

#include "actors/claim_budget.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_pool.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

struct budget_fixture : actor_fixture {
  processor_pool_actor a = make_pool();
  processor_pool_actor b = make_pool();
  lease_table table;
  claim_budget budget;

  processor_pool_actor make_pool() {
    return ends(sys.spawn(fake_pool, std::make_shared<fake_pool_log>()));
  }

  lease& run(const std::string& id, const std::string& name = "echo") {
    lease x;
    x.work.id = id;
    x.work.token = "t";
    x.pool = table.freest(name, true)->pool;
    return table.add(std::move(x));
  }

  /// A job that has ended and is not settled.
  void end(const std::string& id) {
    table.free_slot(run(id));
  }

  static store_reply reply_with(const std::vector<std::string>& names,
                                std::vector<std::string> set_aside = {}) {
    store_reply out;
    for (const auto& name : names) {
      job x;
      x.name = name;
      out.jobs.push_back(std::move(x));
    }
    out.set_aside = std::move(set_aside);
    return out;
  }

  pending_claim open(uint32_t wanted, uint32_t settles = 0) {
    return budget.open(table, wanted, settles, 0);
  }

  /// A claim that is answered at once.
  std::vector<std::string> claim(uint32_t wanted, const store_reply& reply) {
    auto asked = open(wanted);
    budget.close(table, asked);
    return budget.learn(asked, reply, table);
  }
};

} // namespace darkroom
