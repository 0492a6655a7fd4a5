#include "tests/support/pool_live_fixture.hpp"

namespace darkroom {

pool_live_fixture::pool_live_fixture() {
  config.storage.uploads = folder.path();
  config.vision.provider = "local";
  options.node = "node-1";
  options.slots = 2;
  options.diagnostics = true;
  options.make_tools = [this] {
    ++tools_made;
    return job_tools::make(config, nullptr);
  };
}

pool_live_fixture::~pool_live_fixture() {
  held.open();
  peers->set(role::dispatcher, nullptr);
  peers->set(role::uplink, nullptr);
  live.end_all();
}

void pool_live_fixture::fail_behind_gate() {
  options.make_tools = [this]() -> result<std::unique_ptr<job_tools>> {
    held.pass();
    return fail(ec::storage_failed, "no uploads folder");
  };
}

void pool_live_fixture::start_dispatcher() {
  fake_dispatcher_hooks hooks;
  hooks.on_hello = [this](pool_hello x) {
    hellos.put(x);
  };
  hooks.on_outcome = [this](outcome x) {
    outcomes.put(x);
  };
  hooks.on_update = [this](job_update x) {
    updates.put(x);
  };
  hooks.on_call = [this](provider_query x) {
    calls.put(x);
    provider_permit permit;
    permit.wait_ms = call_wait.load();
    return permit;
  };
  hooks.on_report = [this](provider_report x) {
    reports.put(x);
  };
  dispatcher_ = live.ends(live.sys.spawn(fake_dispatcher, hooks));
  peers->set(role::dispatcher,
             caf::actor_cast<caf::strong_actor_ptr>(dispatcher_));
}

void pool_live_fixture::lose_dispatcher() {
  peers->set(role::dispatcher, nullptr);
  caf::anon_send_exit(dispatcher_, caf::exit_reason::kill);
  uplink_polls.wait_for(1);
}

void pool_live_fixture::start() {
  start_dispatcher();
  auto listen = [this]() -> uplink_actor::behavior_type {
    return {
      [this](poll) { uplink_polls.put(1); },
      [](const node_order&) {},
      [](const chaos_order&) {},
      [](ping) {},
    };
  };
  auto up = live.ends(live.sys.spawn(listen));
  peers->set(role::uplink, caf::actor_cast<caf::strong_actor_ptr>(up));
  pool = live.ends(live.sys.spawn(processor_pool, peers, options));
  hellos.wait_for(1);
  // What is sent from here on comes after its answer.
  live.ask<dispatch_status>(dispatcher_, look_work_v);
}

job pool_live_fixture::sleeping(const std::string& id, int64_t ms) {
  job x;
  x.id = id;
  x.token = "t";
  x.name = "sleep";
  x.data = R"({"ms":)" + std::to_string(ms) + "}";
  return x;
}

void pool_live_fixture::run(std::vector<job> jobs) {
  send(job_batch{std::move(jobs)});
}

drain_report pool_live_fixture::drained(std::chrono::milliseconds grace) {
  return live.ask<drain_report>(pool, drain_v, int64_t{grace.count()});
}

} // namespace darkroom
