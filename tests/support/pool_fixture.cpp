#include "tests/support/pool_fixture.hpp"

namespace darkroom {

pool_fixture::pool_fixture() {
  options.node = "node-1";
  options.slots = 3;
  options.diagnostics = true;
}

pool_fixture::~pool_fixture() {
  end_all();
  peers->set(role::uplink, nullptr);
  peers->set(role::dispatcher, nullptr);
}

void pool_fixture::start_dispatcher() {
  fake_dispatcher_hooks hooks;
  hooks.on_hello = [this](pool_hello x) {
    hellos.push_back(x);
    if (before_answer)
      before_answer();
  };
  hooks.on_outcome = [this](outcome x) {
    outcomes.push_back(x);
  };
  use(sys.spawn(fake_dispatcher, hooks));
}

void pool_fixture::use(const dispatcher_actor& x) {
  dispatcher_ = ends(x);
  peers->set(role::dispatcher, caf::actor_cast<caf::strong_actor_ptr>(x));
  settle();
}

void pool_fixture::start_uplink() {
  auto behaviour = [this]() -> uplink_actor::behavior_type {
    return {
      [this](poll) { ++uplink_polls; },
      [](const node_order&) {},
      [](const chaos_order&) {},
      [](ping) {},
    };
  };
  auto up = ends(sys.spawn(behaviour));
  peers->set(role::uplink, caf::actor_cast<caf::strong_actor_ptr>(up));
}

void pool_fixture::start_pool() {
  pool = ends(sys.spawn(processor_pool, peers, options));
  settle();
}

void pool_fixture::lose_dispatcher() {
  peers->set(role::dispatcher, nullptr);
  kill(dispatcher_);
}

job pool_fixture::a_job(const std::string& id, const std::string& name,
                        const std::string& data) {
  job x;
  x.id = id;
  x.token = "t";
  x.name = name;
  x.data = data;
  return x;
}

void pool_fixture::post_from(const caf::strong_actor_ptr& sender,
                             job_batch batch) {
  caf::actor_cast<caf::actor>(pool)->enqueue(
    sender, caf::make_message_id(), caf::make_message(std::move(batch)),
    nullptr);
}

} // namespace darkroom
