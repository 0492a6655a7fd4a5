#include "tests/support/uplink_fixture.hpp"

#include "tests/support/fake_dispatcher.hpp"

namespace darkroom {

using namespace std::chrono_literals;

uplink_fixture::uplink_fixture() {
  fake_dispatcher_hooks hooks;
  hooks.on_lost = [this](node_lost x) {
    lost.push_back(x.name);
  };
  dispatcher_ = earth.sys.spawn(fake_dispatcher, hooks);
  earth_roles->set(role::dispatcher,
                   caf::actor_cast<caf::strong_actor_ptr>(dispatcher_));
  auto listen = [this]() -> processor_pool_actor::behavior_type {
    return {
      [](const job_batch&) {},
      [](const cancel_runs&) {},
      [this](const node_order& x) { orders.push_back(x.is_cordoned); },
      [this](const chaos_order& x) { chaos.push_back(x.actor); },
      [](look_pool) {
        return pool_status{4, 3, false, {}, {{"7", 120}, {}}};
      },
      [](const outcome&) {},
      [](const job_update&) {},
      [](const provider_query&) { return provider_permit{}; },
      [](const provider_report&) { return provider_news{}; },
      [](const result_query&) { return known_result{}; },
      [](drain, int64_t) { return drain_report{}; },
      [](overdue) {},
      [](overdue, const std::string&) {},
      [this](poll) { ++pool_polls; },
    };
  };
  auto pool = mars.sys.spawn(listen);
  mars_roles->set(role::processor_pool,
                  caf::actor_cast<caf::strong_actor_ptr>(pool));
  options.mains = {{"127.0.0.1", place.port()}};
  options.hello.protocol = protocol_version();
  options.hello.name = "mars";
  options.hello.boot_id = "mars-1";
  options.hello.concurrency = 4;
  options.sever = [this](const endpoint&) {
    ++severed;
  };
}

uplink_fixture::~uplink_fixture() {
  for (auto which : {role::dispatcher, role::processor_pool})
    for (auto& x : {earth_roles, mars_roles}) {
      if (auto handle = x->find_any(which))
        caf::anon_send_exit(handle, caf::exit_reason::kill);
      x->set(which, nullptr);
    }
  if (up)
    caf::anon_send_exit(up, caf::exit_reason::kill);
  if (registry)
    caf::anon_send_exit(registry, caf::exit_reason::kill);
  settle();
}

void uplink_fixture::settle() {
  auto advance = [](auto& x, steady_place& place) {
    // read_data runs what is runnable too, and does not tell: it comes last.
    return place.run_one(x.sched) || x.mpx.try_exec_runnable()
           || x.mpx.read_data() || x.mpx.try_accept_connection();
  };
  while (advance(earth, earth_place) || advance(mars, mars_place)) {
    // go on
  }
}

void uplink_fixture::pass(std::chrono::milliseconds duration) {
  settle();
  for (; duration.count() > 0; duration -= 10ms) {
    earth.advance_time(10ms);
    mars.advance_time(10ms);
    settle();
  }
}

int64_t uplink_fixture::now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           earth.sched.clock().now().time_since_epoch())
    .count();
}

void uplink_fixture::start_registry(const std::string& boot) {
  about.boot_id = boot;
  about.version = "0.0.1";
  about.node_timeout = 3s;
  about.now = [this] {
    return now();
  };
  registry = earth.sys.spawn(node_registry, earth_roles, about,
                             [](node_registry_actor::pointer, uint32_t) {});
  listen_as(registry);
}

void uplink_fixture::start_uplink() {
  up = mars.sys.spawn(uplink, mars_roles, options);
  settle();
}

void uplink_fixture::start_willing() {
  options.hello.allows_chaos = true;
  start_registry();
  start_uplink();
  CAF_REQUIRE(has_joined());
}

chaos_answer uplink_fixture::order(chaos_action action,
                                   const std::string& actor,
                                   std::chrono::milliseconds duration) {
  chaos_answer out;
  earth.sys.spawn([&](caf::event_based_actor* asker) {
    asker
      ->request(registry, caf::infinite,
                chaos_order{"mars", action, actor, duration.count()})
      .then([&out](const chaos_answer& x) { out = x; });
  });
  settle();
  return out;
}

bool uplink_fixture::has_joined() {
  return mars_roles->find_any(role::dispatcher) != nullptr;
}

} // namespace darkroom
